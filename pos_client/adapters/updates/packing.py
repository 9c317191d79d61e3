"""The other side of the shelf: a folder of the program becomes a package, and a manifest is signed. Used where releases
are made (`packaging/announce.py`), never by a till."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
from pathlib import Path

from pos_client.adapters.updates.manifest import SIGNED_NAME
from pos_client.adapters.updates.shelf import FILES_LIST, digest_of, files_of
from pos_client.domain.release import Package


def pack(folder: Path, archive: Path) -> Package:
    """Everything in the folder and the list of it. Equal folders give equal bytes: names in order, no times, no owners.

    Raises `OSError`.
    """
    files = files_of(folder)
    listed = "".join(f"{digest_of(path)}  {name}\n" for name, path in sorted(files.items())).encode()
    with (
        archive.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed,
        tarfile.open(mode="w", fileobj=packed, format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, path in sorted(files.items()):
            member = _plain(tar.gettarinfo(path, name))
            if member.isreg():
                with path.open("rb") as content:
                    tar.addfile(member, content)
            else:
                tar.addfile(member)
        member = tarfile.TarInfo(FILES_LIST)
        member.size = len(listed)
        tar.addfile(member, io.BytesIO(listed))
    return Package(archive.name, archive.stat().st_size, digest_of(archive))


def seal_manifest(payload: bytes, release_key: bytes) -> bytes:
    """The line a till reads, signed with the raw private key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    signature = Ed25519PrivateKey.from_private_bytes(release_key).sign(SIGNED_NAME + payload)
    return base64.b64encode(payload) + b"." + base64.b64encode(signature) + b"\n"


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mtime = member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.mode & 0o100 else 0o644
    return member
