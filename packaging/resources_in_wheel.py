"""Puts `resources/` into the wheel, as `pos_client/_resources`.

The folder lies beside the package so that people who translate and draw find it, and a wheel carries packages only. It
is copied where the wheel is put together, never into the checkout: nothing there can be out of date. setuptools finds
this class through `[tool.setuptools.cmdclass]`.
"""

from __future__ import annotations

from pathlib import Path

from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parents[1]
INSIDE = Path("pos_client") / "_resources"


class BuildWithResources(build_py):
    """The package, and its resources inside it. An editable install reads them in the checkout and copies nothing."""

    def run(self) -> None:
        """Build."""
        super().run()
        if not self.editable_mode:
            for source, target in self._resources():
                self.mkpath(str(target.parent))
                self.copy_file(str(source), str(target), preserve_mode=False)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Every file that was written."""
        outputs: list[str] = super().get_outputs(include_bytecode)
        copied = [] if self.editable_mode else [str(target) for _, target in self._resources()]
        return outputs + copied

    def _resources(self) -> list[tuple[Path, Path]]:
        folder = ROOT / "resources"
        files = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return [(path, Path(self.build_lib) / INSIDE / path.relative_to(folder)) for path in files]
