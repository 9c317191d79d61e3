"""Makes the one-folder program: `python packaging/freeze.py FOLDER`, with the versions of locks/build.txt installed.

FOLDER/pos-client is what every package of ours carries; sbom.cdx.json beside the program says what is in it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import release
import sbom


def main(folder: Path) -> Path:
    """The program's folder."""
    target = folder.resolve() / "pos-client"
    if target.exists():
        shutil.rmtree(target)
    with tempfile.TemporaryDirectory(prefix="pos-client-freeze-") as scratch:
        tree = release.copy_sources(Path(scratch) / "tree")
        command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
        places = ["--distpath", str(target.parent), "--workpath", str(Path(scratch) / "work")]
        subprocess.run(
            [*command, *places, str(tree / "packaging" / "pos_client.spec")],
            cwd=tree,
            env={**release.environment(), "PYINSTALLER_CONFIG_DIR": str(Path(scratch) / "cache")},
            check=True,
        )
    (target / sbom.NAME).write_text(sbom.text(), encoding="utf-8")
    return target


if __name__ == "__main__":
    print(main(Path(sys.argv[1])))
