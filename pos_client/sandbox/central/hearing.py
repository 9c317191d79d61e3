"""Who may be heard: a request's signature, its time, its nonce, and how central regards the terminal.

One statement of its own, before the decision, takes the nonce and tells who has signed: a request that is refused here
has touched nothing but, perhaps, the table of nonces. On PostgreSQL it does not wait for the disk. A nonce that a crash
of the database forgets could be used again for five minutes, and what it would repeat is kept from a second effect by
its idempotency key.

Public keys are remembered: a `keyid` is made of its key and never means another one. Whether it is still open, whose it
is and how he is regarded is asked each time.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Connection, String, bindparam, func, insert, select, true
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from pos_client.protocols.central import signing
from pos_client.sandbox.central.ledger import sessions
from pos_client.sandbox.central.ledger.moment import text_of, to_ms
from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.ledger.terminals import Device, Standing
from pos_client.sandbox.central.service import CentralService, Unavailable
from pos_client.sandbox.central.storage.device_tables import device_keys, nonces, terminals
from pos_client.sandbox.central.storage.trouble import Trouble, trouble_of

POSTGRES = "postgresql"
KEYS_REMEMBERED = 20_000
"""Of one process: several times as many as there are tills."""

_PUBLIC = select(device_keys.c.public).where(device_keys.c.keyid == bindparam("keyid"))


def _take_nonce(*more: Any) -> Any:
    """Takes the nonce for the open key of this terminal, and tells who that is; no row where it is nobody's."""
    keyid, terminal = bindparam("keyid", type_=String), bindparam("terminal", type_=String)
    nonce, expires_ms = bindparam("nonce", type_=String), bindparam("expires_ms", type_=BigInteger)
    is_open = (device_keys.c.keyid == keyid) & (device_keys.c.terminal == terminal) & device_keys.c.closed_ms.is_(None)
    told = (
        select(terminals.c.station).where(terminals.c.name == terminal).scalar_subquery().label("station"),
        select(terminals.c.state).where(terminals.c.name == terminal).scalar_subquery().label("state"),
        select(device_keys.c.epoch).where(device_keys.c.keyid == keyid).scalar_subquery().label("epoch"),
        sessions.latest(terminal).scalar_subquery().label("session"),
    )
    opened = select(device_keys.c.keyid, nonce, expires_ms).where(is_open)
    return insert(nonces).from_select(["keyid", "nonce", "expires_ms"], opened).returning(*told, *more)


_TAKE_NONCE = _take_nonce()
_WITHOUT_WAITING = _take_nonce(func.set_config("synchronous_commit", "off", true()))


def admit(service: CentralService, seen: signing.Seen, terminal: str) -> Device | Refusal:
    """Who signed this request, or why it is not heard. No refusal here is stored for a key.

    Raises `Unavailable`.
    """
    now_ms = to_ms(service.now())
    try:
        signed = signing.verify_request(seen, lambda keyid: _public_key(service, keyid))
        if not signed.is_current(now_ms // 1000):
            return Refusal("signature-expired", sticky=False, server_time=text_of(now_ms))
        with service.engine.connect() as db:
            return _admit(db, signed, terminal)
    except signing.SignatureWrong as error:
        return Refusal("device-auth-failed", sticky=False, detail=str(error)[:200])
    except IntegrityError:
        return Refusal("request-replayed", sticky=False)
    except SQLAlchemyError as error:
        if trouble_of(error) is Trouble.OURS:
            raise
        raise Unavailable("who is speaking could not be looked up") from error


def _admit(db: Connection, signed: signing.Signed, terminal: str) -> Device | Refusal:
    asked = {
        "keyid": signed.keyid,
        "terminal": terminal,
        "nonce": signed.nonce,
        "expires_ms": (signed.expires_s + 1) * 1000,
    }
    if db.dialect.name == POSTGRES:
        row = db.execution_options(isolation_level="AUTOCOMMIT").execute(_WITHOUT_WAITING, asked).one_or_none()
    else:
        with db.begin():
            row = db.execute(_TAKE_NONCE, asked).one_or_none()
    if row is None:
        return Refusal("device-auth-failed", sticky=False)
    return Device(terminal, row.station, row.epoch, signed.keyid, Standing(row.state), row.session or 0)


def _public_key(service: CentralService, keyid: str) -> bytes | None:
    """The key of this name; None for one nobody was enrolled with."""
    remembered = service.public_keys
    if keyid not in remembered:
        with service.engine.connect() as db:
            public = db.scalar(_PUBLIC, {"keyid": keyid})
        if public is None:
            return None
        if len(remembered) >= KEYS_REMEMBERED:
            remembered.clear()
        remembered[keyid] = public
        return bytes(public)
    return remembered[keyid]
