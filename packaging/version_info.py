"""The properties Windows shows of the program and of its installer, from the version."""

from __future__ import annotations

import release

COMPANY = "pos_client"
PRODUCT = "Forecourt loyalty terminal"


def windows_version(version: str) -> tuple[int, int, int, int]:
    """Four numbers, as Windows wants them: 0.1.0 is 0.1.0.0. Raises `ValueError`."""
    major, minor, patch = (int(part) for part in version.split("."))
    return major, minor, patch, 0


def strings(version: str, file: str) -> dict[str, str]:
    """What the page *Details* says."""
    return {
        "CompanyName": COMPANY,
        "FileDescription": PRODUCT,
        "FileVersion": version,
        "InternalName": "pos-client",
        "LegalCopyright": "MIT licence",
        "OriginalFilename": file,
        "ProductName": PRODUCT,
        "ProductVersion": version,
    }


def resource(file: str) -> object:
    """The version resource PyInstaller puts into `file`."""
    from PyInstaller.utils.win32 import versioninfo as w

    version = release.version()
    numbers = windows_version(version)
    table = w.StringTable("040904B0", [w.StringStruct(*pair) for pair in strings(version, file).items()])
    return w.VSVersionInfo(
        ffi=w.FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[w.StringFileInfo([table]), w.VarFileInfo([w.VarStruct("Translation", [0x0409, 0x04B0])])],
    )
