"""Central's signatures in the simulator: a digest with a key both sides know by name. Nobody forges in here who does
not mean to, and a text that was changed does not read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from pos_client.domain.bundle import BUNDLES, Bundle, CentralKey, CentralKeys, Content, Revocations
from pos_client.domain.identifiers import VoucherId
from pos_client.domain.signed_voucher import SIGNED_PREFIX, SignedVoucher
from pos_client.ports.errors import Refused

KID = "sim"
_FIELDS = ("voucher_id", "purpose", "code", "organisation", "driver", "plate", "station", "max_points")
_TIMES = ("not_before_ms", "not_after_ms")


def sign_voucher(**body: Any) -> str:
    """A voucher as central hands it out."""
    return SIGNED_PREFIX + _sign({"version": 1, "products": [], "holder": "Bình M***", **body}, "voucher")


def read_voucher(text: str, keys: Mapping[str, str]) -> SignedVoucher:
    """What it says. Raises `Refused` as the real one does."""
    body = _read(text.removeprefix(SIGNED_PREFIX), "voucher", "voucher_forged")
    if KID not in keys:
        raise Refused("voucher_key_unknown")
    known = {name: body[name] for name in (*_FIELDS, *_TIMES, "version", "holder")}
    known |= {"voucher_id": VoucherId(body["voucher_id"]), "products": tuple(body["products"]), "text": text}
    return SignedVoucher(**known)


@lru_cache(maxsize=256)
def sign_bundle(name: str, number: int, issued_at: datetime, content: Content) -> str:
    """A bundle as central hands it out."""
    told: dict[str, Any] = (
        {"voucher_ids": sorted(content.voucher_ids)} if isinstance(content, Revocations) else asdict(content)
    )
    body = {"name": name, "number": number, "issued_at": issued_at.isoformat(), "content": told}
    return _sign(body, "bundle")


@lru_cache(maxsize=256)
def read_bundle(text: str) -> Bundle:
    """What it says. Raises `Refused` (`bundle_untrusted`)."""
    body = _read(text, "bundle", "bundle_untrusted")
    content, kind = body["content"], BUNDLES[body["name"]]
    made: Content
    if kind is Revocations:
        made = Revocations(frozenset(content["voucher_ids"]))
    elif kind is CentralKeys:
        made = CentralKeys(tuple(CentralKey(**key) for key in content["keys"]))
    else:
        made = kind(**content)
    return Bundle(body["name"], body["number"], datetime.fromisoformat(body["issued_at"]), made, text)


def _sign(body: dict[str, Any], what: str) -> str:
    payload = json.dumps(body, sort_keys=True)
    return f"{payload.encode().hex()}.{_digest(payload, what)}"


def _read(text: str, what: str, refusal: str) -> dict[str, Any]:
    payload, _, digest = text.partition(".")
    try:
        said = bytes.fromhex(payload).decode()
    except ValueError as error:
        raise Refused("voucher_unreadable" if what == "voucher" else refusal) from error
    if digest != _digest(said, what):
        raise Refused(refusal)
    body: dict[str, Any] = json.loads(said)
    return body


def _digest(payload: str, what: str) -> str:
    return hashlib.sha256(f"central|{what}|{payload}".encode()).hexdigest()[:32]
