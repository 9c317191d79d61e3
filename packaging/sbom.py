"""The bill of materials of the frozen program, CycloneDX 1.6: `python packaging/sbom.py`.

It names what the lock of the package pins for this platform, and the libraries in C that arrive inside a wheel or with
Python: Qt, SQLite, OpenSSL. The same tree on the same machine gives the same bytes: its moment is the release's and
its serial number is made from its contents.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sqlite3
import ssl
import sys
import uuid
from datetime import UTC, datetime
from importlib.metadata import version

import locked
import release
from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.markers import Marker

NAME = "sbom.cdx.json"


def text() -> str:
    """The document."""
    bom = Bom()
    bom.metadata.timestamp = datetime.fromtimestamp(release.epoch(), UTC)
    program = _component("pos-client", release.version(), "MIT", kind=ComponentType.APPLICATION)
    bom.metadata.component = program
    parts = [*_pinned(), *_native()]
    for part in parts:
        bom.components.add(part)
    bom.register_dependency(program, parts)
    listed = "\n".join(sorted(f"{part.name} {part.version}" for part in (program, *parts)))
    digest = hashlib.sha256(listed.encode()).digest()
    bom.serial_number = uuid.UUID(bytes=digest[:16], version=5)
    return (
        json.dumps(json.loads(JsonV1Dot6(bom).output_as_string()), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    )


def _pinned() -> list[Component]:
    here = [pin for pin in locked.pins("package").values() if not pin.marker or Marker(pin.marker).evaluate()]
    return [
        _component(
            pin.name,
            pin.version,
            locked.licences()[pin.name],
            purl=PackageURL("pypi", name=pin.name, version=pin.version),
            properties=[Property(name="pos-client:accepted-sha256", value=each) for each in pin.hashes],
        )
        for pin in here
    ]


def _native() -> list[Component]:
    import apsw
    from cryptography.hazmat.backends.openssl.backend import backend

    qt = version("PySide6-Essentials")
    found = [
        ("cpython", platform.python_version(), "PSF-2.0", "the interpreter"),
        ("qt", qt, "LGPL-3.0-only", "inside PySide6-Essentials"),
        ("sqlite", apsw.sqlite_lib_version(), "blessing", "inside apsw: the books"),
        ("sqlite", sqlite3.sqlite_version, "blessing", "with the interpreter: the sandbox"),
        ("openssl", backend.openssl_version_text().split()[1], "Apache-2.0", "inside cryptography"),
        ("openssl", ssl.OPENSSL_VERSION.split()[1], "Apache-2.0", "with the interpreter: HTTPS"),
    ]
    return [
        _component(name, number, licence, reference=f"{name}@{number} ({where})", description=where)
        for name, number, licence, where in found
    ]


def _component(
    name: str,
    number: str,
    licence: str,
    *,
    kind: ComponentType = ComponentType.LIBRARY,
    purl: PackageURL | None = None,
    reference: str = "",
    description: str | None = None,
    properties: list[Property] | None = None,
) -> Component:
    return Component(
        type=kind,
        name=name,
        version=number,
        bom_ref=reference or f"{name}@{number}",
        purl=purl,
        description=description,
        licenses=[LicenseExpression(licence)],
        properties=properties or [],
    )


if __name__ == "__main__":
    sys.stdout.write(text())
