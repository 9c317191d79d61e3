"""One-time codes, and the keys they bring in (reliability 3.2).

A code is sixteen letters of an alphabet nobody misreads, eighty random bits, so a plain hash of it is safe at rest and
nobody finds one by trying. It names station and till; who types it decides nothing. It is used once: asked again with
the key it brought in, it gives the same answer, because the first one may have been lost on the way.

A new key closes the one before it and begins a new epoch; a quarantined terminal is taken back with it, a suspended one
stays suspended until head office says otherwise.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Row, insert, select, update

from pos_client.protocols.central import signing
from pos_client.protocols.central.enrolment_messages import (
    EnrolmentAnswer,
    EnrolmentRequest,
    SoldGrade,
    StationSheet,
    TrustBundle,
)
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import text_of
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.ledger.terminals import Standing
from pos_client.sandbox.central.storage.device_tables import device_keys, enrolment_codes, terminals
from pos_client.sandbox.central.storage.offline_tables import zone_prices
from pos_client.sandbox.central.storage.portal_tables import station_places
from pos_client.sandbox.central.storage.tables import grades, stations

CODE_LIVES_S = 86_400
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two signs; no 0, O, 1, I."""
_LENGTH, _GROUP = 16, 4


def make_code(book: Book, station: str, till: str, lives_s: int = CODE_LIVES_S) -> str:
    """A code for a till of a station, told once and kept as a hash. Raises `LookupError` for an unknown station."""
    if book.db.scalar(select(stations.c.code).where(stations.c.code == station)) is None:
        raise LookupError(f"no station {station}")
    if not (till.isascii() and till.isalnum() and 0 < len(till) <= 8):
        raise ValueError("a till is called by one to eight letters and digits")
    code = "".join(ALPHABET[sign % len(ALPHABET)] for sign in book.dice.randbytes(_LENGTH))
    book.db.execute(
        insert(enrolment_codes).values(
            hash=_hash(code), station=station, till=till, expires_ms=book.now_ms + lives_s * 1000
        )
    )
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def enrol(book: Book, request: EnrolmentRequest, seen: signing.Seen) -> Outcome:
    """`POST /v1/enrolments`. Raises `MalformedMessage` for a key that is none."""
    try:
        public = signing.public_key(request.public_key)
        keyid = signing.verify_request(seen, lambda name: public if name == signing.keyid_of(public) else None).keyid
    except signing.SignatureWrong as error:
        return Refusal("device-auth-failed", sticky=False, detail=f"not signed with the key it brings: {error}"[:200])
    except ValueError as error:
        raise MalformedMessage("EnrolmentRequest", "no public key") from error
    code = book.db.execute(select(enrolment_codes).where(enrolment_codes.c.hash == _hash(request.code))).one_or_none()
    if code is None or code.expires_ms <= book.now_ms:
        return Refusal("enrolment-code-invalid", sticky=False)
    known = book.db.execute(select(device_keys).where(device_keys.c.keyid == keyid)).one_or_none()
    if code.used_ms is not None:
        if known is not None and code.keyid == keyid and known.closed_ms is None:
            return _answer(book, code, known.epoch)
        return Refusal("enrolment-code-invalid", sticky=False)
    if known is not None:
        return Refusal("enrolment-code-invalid", sticky=False, detail="the key was enrolled before")
    epoch = _bring_in(book, code, keyid, public)
    book.db.execute(
        update(enrolment_codes).where(enrolment_codes.c.hash == code.hash).values(used_ms=book.now_ms, keyid=keyid)
    )
    return _answer(book, code, epoch)


def terminal_name(station: str, till: str) -> str:
    """A till's name among all tills of all stations."""
    return f"{station}-{till}"


def _bring_in(book: Book, code: Row[Any], keyid: str, public: bytes) -> int:
    """The terminal with its new key; its epoch."""
    name = terminal_name(code.station, code.till)
    before = book.db.execute(select(terminals).where(terminals.c.name == name)).one_or_none()
    epoch = 1 if before is None else int(before.epoch) + 1
    if before is None:
        book.db.execute(
            insert(terminals).values(
                name=name,
                station=code.station,
                till=code.till,
                state=Standing.ENROLLED.value,
                epoch=epoch,
                since_ms=book.now_ms,
            )
        )
    else:
        back = {"state": Standing.ENROLLED.value, "reason": None, "since_ms": book.now_ms}
        book.db.execute(
            update(terminals)
            .where(terminals.c.name == name)
            .values(epoch=epoch, **(back if before.state == Standing.QUARANTINED else {}))
        )
        book.db.execute(
            update(device_keys)
            .where(device_keys.c.terminal == name, device_keys.c.closed_ms.is_(None))
            .values(closed_ms=book.now_ms)
        )
    book.db.execute(
        insert(device_keys).values(keyid=keyid, terminal=name, epoch=epoch, public=public, enrolled_ms=book.now_ms)
    )
    return epoch


def _answer(book: Book, code: Row[Any], epoch: int) -> Answer:
    return Answer(
        EnrolmentAnswer(
            station=code.station,
            till=code.till,
            terminal=terminal_name(code.station, code.till),
            epoch=epoch,
            server_time=text_of(book.now_ms),
            trust=TrustBundle(
                seal_key=book.keys.seals.public_b64,
                permit_key=book.keys.permits.public_b64,
                answer_key=book.keys.answers.public_b64,
            ),
            sheet=_sheet(book, code.station),
        ),
        status=201,
    )


def _sheet(book: Book, station: str) -> StationSheet | None:
    """A grade without a price in the zone is not sold there."""
    zone = book.db.scalar(select(station_places.c.zone).where(station_places.c.station == station))
    if zone is None:
        return None
    priced = book.db.execute(
        select(grades, zone_prices.c.unit_price)
        .join(zone_prices, zone_prices.c.grade == grades.c.code)
        .where(zone_prices.c.zone == str(zone), zone_prices.c.from_ms <= book.now_ms)
        .order_by(zone_prices.c.from_ms)
    ).all()
    in_force = {row.code: SoldGrade(row.code, row.name, row.unit_price, row.earns) for row in priced}
    name = book.db.scalar(select(stations.c.name).where(stations.c.code == station))
    return StationSheet(str(name), str(zone), tuple(in_force[code] for code in sorted(in_force)))


def _hash(code: str) -> bytes:
    return hashlib.sha256("".join(sign for sign in code.upper() if sign in ALPHABET).encode()).digest()
