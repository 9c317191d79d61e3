"""Makes a release out of frozen folders: packages, and the manifest that is signed on the machine that has the key.

    announce.py key KEYFILE                                   a new key; prints its public half
    announce.py trust URL KEY [NEXT_KEY] OUT                  what packages are made with (POS_CLIENT_RELEASES=OUT)
    announce.py pack FOLDER OUT                               one package, and its line for the manifest
    announce.py sign MANIFEST.json KEYFILE OUT                the signed line tills read

The manifest's members are those of `pos_client/domain/release.py`; `packaging/README.md` shows one.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from pos_client.adapters.updates.packing import pack, seal_manifest
from pos_client.adapters.updates.trust import read_trust
from pos_client.domain.release import read_release


def main(words: list[str]) -> int:
    """0 done, 1 refused with the reason, 2 wrong usage."""
    match words:
        case ["key", keyfile]:
            return _key(Path(keyfile))
        case ["trust", url, *keys, out] if keys:
            return _trust(url, keys, Path(out))
        case ["pack", folder, out]:
            print(json.dumps(asdict(pack(Path(folder), Path(out))), indent=2))
            return 0
        case ["sign", manifest, keyfile, out]:
            return _sign(Path(manifest), Path(keyfile), Path(out))
    print(__doc__, file=sys.stderr)
    return 2


def _key(keyfile: Path) -> int:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(keyfile, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(key.private_bytes_raw()) + b"\n")
    print(base64.b64encode(key.public_key().public_bytes_raw()).decode())
    return 0


def _trust(url: str, keys: list[str], out: Path) -> int:
    """What no till would read is not written."""
    text = f"url = {json.dumps(url)}\nkeys = {json.dumps(keys)}\n"
    try:
        read_trust(text)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    out.write_text(text, encoding="utf-8")
    return 0


def _sign(manifest: Path, keyfile: Path, out: Path) -> int:
    """What no till would read is not signed."""
    payload = manifest.read_bytes()
    try:
        release = read_release(payload)
    except ValueError as error:
        print(f"{manifest}: {error}", file=sys.stderr)
        return 1
    out.write_bytes(seal_manifest(payload, base64.b64decode(keyfile.read_bytes())))
    print(f"release {release.number}: {release.version} for {', '.join(sorted(release.packages))}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
