"""Makes the wheel: `python packaging/build_wheel.py FOLDER`, with setuptools and pip in the Python that runs it.

From a clean copy, because setuptools leaves files of earlier builds beside the sources and packs them again.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import release


def main(folder: Path) -> Path:
    """The wheel's path."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pos-client-wheel-") as scratch:
        tree = release.copy_sources(Path(scratch) / "tree")
        command = [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-build-isolation",
            "--no-deps",
            "--no-cache-dir",
        ]
        subprocess.run(
            [*command, "--wheel-dir", str(folder.resolve()), str(tree)], env=release.environment(), check=True
        )
    return folder / f"pos_client-{release.version()}-py3-none-any.whl"


if __name__ == "__main__":
    print(main(Path(sys.argv[1])))
