"""Releases for tests: a manifest, a package, a key, and a web server that can cut, lie and count."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_client.adapters.settings_file.whole_file import write_whole
from pos_client.adapters.updates.packing import pack, seal_manifest
from pos_client.adapters.updates.shelf import PROGRAM, Shelf
from pos_client.bootstrap.paths import platform_name
from pos_client.domain.moment import VIETNAM
from pos_client.domain.release import Package

KEY = bytes(range(32))
PUBLIC_KEY = base64.b64encode(Ed25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes_raw()).decode()
NOW = datetime(2026, 11, 29, 9, 0, tzinfo=VIETNAM)


def manifest(package: Package | None = None, **changes: Any) -> dict[str, Any]:
    """A manifest every station takes at `NOW`."""
    told: dict[str, Any] = {
        "format": 1,
        "number": 7,
        "version": "1.5.0",
        "floor": "0.1.0",
        "book_schema": 9,
        "made_at": (NOW - timedelta(days=1)).isoformat(),
        "good_until": (NOW + timedelta(days=30)).isoformat(),
        "stages": [{"percent": 100, "begins": (NOW - timedelta(hours=1)).isoformat()}],
        "packages": {},
        "notes": {"vi": "Nhanh hơn", "en": "Faster"},
    }
    if package is not None:
        told["packages"] = {
            platform_name(): {"file": package.file, "size": package.size, "sha256": package.sha256},
        }
    return told | changes


def sealed(told: Mapping[str, Any], key: bytes = KEY) -> bytes:
    """As it lies on the web server."""
    return seal_manifest(json.dumps(told).encode(), key)


def program_folder(folder: Path, script: str = "#!/bin/sh\nexit 0\n", more: Mapping[str, bytes] | None = None) -> Path:
    """A version's folder, as a build makes it."""
    folder.mkdir(parents=True)
    program = folder / PROGRAM
    program.write_text(script, encoding="utf-8")
    program.chmod(0o755)
    for name, content in (more or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def packed(folder: Path, archive: Path) -> Package:
    """The folder as a package."""
    return pack(folder, archive)


def shelf(folder: Path) -> Shelf:
    """A shelf on the real disk."""
    return Shelf(folder, write_whole)


@dataclass
class Web:
    """What a web server answers. `cut_after`: of each answer so many bytes, then the connection is closed."""

    files: dict[str, bytes] = field(default_factory=dict)
    cut_after: int | None = None
    knows_ranges: bool = True
    served: int = 0
    trickle: float | None = None
    """seconds between two bytes"""
    status: int | None = None
    url: str = ""
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def web() -> Iterator[Web]:
    """A server of its own on loopback."""
    state = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = state.files.get(self.path.lstrip("/"))
            if state.status in {301, 302, 307, 308}:
                self.send_response(state.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                return
            if content is None or state.status is not None:
                self.send_error(state.status or 404)
                return
            start = 0
            asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            if asked and state.knows_ranges:
                start = int(asked.group(1))
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            else:
                self.send_response(200)
            rest = content[start:]
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            sent = rest if state.cut_after is None else rest[: state.cut_after]
            state.served += len(sent)
            if state.trickle is None:
                self.wfile.write(sent)
                return
            with suppress(ConnectionError):
                for at in range(len(sent)):
                    self.wfile.write(sent[at : at + 1])
                    if state.over.wait(state.trickle):
                        return

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield state
    finally:
        state.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
