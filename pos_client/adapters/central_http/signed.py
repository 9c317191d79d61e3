"""Checks central's signatures over what a terminal keeps or scans: bundles, activated vouchers, acknowledgements of its
journal (Ed25519).

`cryptography` is imported when the first one is checked, not before first paint.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime

from pos_client.domain import bundle as b
from pos_client.domain.acknowledgement import Acknowledgement
from pos_client.domain.identifiers import VoucherId
from pos_client.domain.offline_policy import OfflinePolicy
from pos_client.domain.signed_voucher import SignedVoucher
from pos_client.ports.errors import Refused
from pos_client.protocols.central import acknowledgement as ack_wire
from pos_client.protocols.central import bundles as wire
from pos_client.protocols.central import voucher as voucher_wire
from pos_client.protocols.central.errors import MalformedMessage


def bundle(text: str, central_key_b64: str) -> b.Bundle:
    """A bundle's value. Raises `Refused` (`bundle_untrusted`)."""
    try:
        payload, signature = wire.split(text)
        if not _holds(central_key_b64, signature, wire.signed_bytes(payload)):
            raise Refused("bundle_untrusted", "the signature does not hold")
        body, content = wire.body_of(payload)
        issued_at = datetime.fromisoformat(body.issued_at)
        if issued_at.tzinfo is None:
            raise Refused("bundle_untrusted", "a time without its offset")
        return b.Bundle(body.name, body.number, issued_at, _content(content), text)
    except (MalformedMessage, ValueError) as error:
        raise Refused("bundle_untrusted", str(error)) from error


def voucher(text: str, keys: Mapping[str, str]) -> SignedVoucher:
    """A voucher's value. Raises `Refused`: `voucher_unreadable`, `voucher_key_unknown`, `voucher_forged`."""
    text = text.strip()
    try:
        payload, signature = voucher_wire.split(text)
        body = voucher_wire.body_of(payload)
    except MalformedMessage as error:
        raise Refused("voucher_unreadable", str(error)) from error
    if body.kid not in keys:
        raise Refused("voucher_key_unknown", body.kid)
    if not _holds(keys[body.kid], signature, voucher_wire.signed_bytes(payload)):
        raise Refused("voucher_forged", body.kid)
    return SignedVoucher(
        version=body.version,
        voucher_id=VoucherId(body.voucher_id),
        purpose=body.purpose,
        code=body.code,
        organisation=body.org,
        driver=body.driver,
        plate=body.plate,
        station=body.station,
        products=body.products,
        max_points=body.max_points,
        not_before_ms=body.not_before * 1000,
        not_after_ms=body.not_after * 1000,
        holder=body.holder,
        text=text,
    )


def acknowledgement(text: str, central_key_b64: str, terminal: str) -> Acknowledgement:
    """What is acknowledged of this terminal's journal. Raises `Refused` (`acknowledgement_unverifiable`)."""
    try:
        payload, signature = ack_wire.split(text)
        if not _holds(central_key_b64, signature, ack_wire.signed_bytes(payload)):
            raise Refused("acknowledgement_unverifiable", "the signature does not hold")
        body = ack_wire.body_of(payload)
    except MalformedMessage as error:
        raise Refused("acknowledgement_unverifiable", str(error)) from error
    if body.terminal != terminal:
        raise Refused("acknowledgement_unverifiable", "it is about another terminal")
    return Acknowledgement(body.epoch, body.seq, bytes.fromhex(body.mac), body.at, text)


def _holds(key_b64: str, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key_b64, validate=True)).verify(signature, signed)
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def _content(content: wire.Content) -> b.Content:
    match content:
        case wire.PolicyContent():
            return OfflinePolicy(
                voucher_most_vnd=content.voucher_most_vnd,
                voucher_lives_s=content.voucher_lives_s,
                outstanding_most_vnd=content.outstanding_most_vnd,
                outstanding_most_vouchers=content.outstanding_most_vouchers,
                contact_age_s=content.contact_age_s,
                revocations_age_s=content.revocations_age_s,
                wall_age_s=content.wall_age_s,
            )
        case wire.RevocationsContent():
            return b.Revocations(frozenset(content.voucher_ids))
        case wire.PricesContent():
            return b.ZonePrices(
                tuple(
                    b.ZonePrice(part.zone, part.grade_code, part.unit_price, datetime.fromisoformat(part.since))
                    for part in content.prices
                )
            )
        case wire.KeysContent():
            return b.CentralKeys(
                tuple(b.CentralKey(key.kid, key.purpose, key.algorithm, key.public_key) for key in content.keys)
            )
