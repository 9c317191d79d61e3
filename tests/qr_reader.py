"""An independent reader of QR codes: zbar, as a program of its own (the set-up of the tests installs it)."""

from __future__ import annotations

import subprocess
from pathlib import Path


def read_qr(picture: Path) -> list[str]:
    """The texts of all codes in a picture, sorted; none: nothing could be read."""
    result = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", str(picture)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode in (0, 4), result.stderr  # 4: no code in the picture
    return sorted(result.stdout.splitlines())
