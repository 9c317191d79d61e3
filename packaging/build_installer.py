"""Makes the Windows installer: `python packaging/build_installer.py FROZEN FILE.exe`. Needs makensis, on any system.

FROZEN is what freeze.py made on Windows; a test gives it a stand-in of the same shape.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import release

SCRIPT = release.ROOT / "packaging" / "installer" / "pos-client.nsi"


def main(payload: Path, installer: Path) -> Path:
    """The installer's path."""
    given = {"VERSION": release.version(), "PAYLOAD": str(payload.resolve()), "OUTFILE": str(installer.resolve())}
    command = ["makensis", "-V2", "-WX", *(f"-D{name}={value}" for name, value in given.items()), SCRIPT.name]
    subprocess.run(command, cwd=SCRIPT.parent, env=release.environment(), check=True)
    return installer


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), Path(sys.argv[2])))
