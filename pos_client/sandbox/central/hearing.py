"""Who may be heard: a request's signature, its time, its nonce, and how central regards the terminal.

In a transaction of its own, before the decision: a request that is refused here has touched nothing but, perhaps, the
table of nonces. On PostgreSQL it does not wait for the disk. A nonce that a crash of the database forgets could be used
again for five minutes, and what it would repeat is kept from a second effect by its idempotency key.

About one request in sixty-four sweeps out, within bounds, what has become too old to matter.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, insert, select, text, tuple_
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from pos_client.protocols.central import signing
from pos_client.sandbox.central.ledger.moment import text_of, to_ms
from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.ledger.terminals import Device, Standing
from pos_client.sandbox.central.service import CentralService, Unavailable
from pos_client.sandbox.central.storage.device_tables import device_keys, nonces, terminals
from pos_client.sandbox.central.storage.tables import idempotency
from pos_client.sandbox.central.storage.trouble import Trouble, trouble_of

POSTGRES = "postgresql"
KEPT = timedelta(days=500)
"""How long a key's answer is kept: longer than points live and a queue may lie (reliability 3.5)."""
_SWEEP_EVERY_MS = 64
_SWEEP_AT_MOST = 500


def admit(service: CentralService, seen: signing.Seen, terminal: str) -> Device | Refusal:
    """Who signed this request, or why it is not heard. No refusal here is stored for a key.

    Raises `Unavailable`.
    """
    now_ms = to_ms(service.now())
    try:
        with _engine(service).begin() as db:
            if db.dialect.name == POSTGRES:
                db.execute(text("SET LOCAL synchronous_commit TO OFF"))
            if now_ms % _SWEEP_EVERY_MS == 0:
                sweep(db, now_ms)
            return _admit(db, seen, terminal, now_ms)
    except IntegrityError:
        return Refusal("request-replayed", sticky=False)
    except SQLAlchemyError as error:
        if trouble_of(error) is Trouble.OURS:
            raise
        raise Unavailable("who is speaking could not be looked up") from error


def _engine(service: CentralService) -> Engine:
    """On PostgreSQL not serialisable: of two requests with one nonce the second is told so, not that it collided."""
    if service.engine.dialect.name == POSTGRES:
        return service.engine.execution_options(isolation_level="READ COMMITTED")
    return service.engine


def _admit(db: Connection, seen: signing.Seen, terminal: str, now_ms: int) -> Device | Refusal:
    row = db.execute(
        select(device_keys.c.keyid, device_keys.c.public, device_keys.c.epoch, terminals.c.station, terminals.c.state)
        .join(terminals, terminals.c.name == device_keys.c.terminal)
        .where(device_keys.c.terminal == terminal, device_keys.c.closed_ms.is_(None))
    ).one_or_none()
    if row is None:
        return Refusal("device-auth-failed", sticky=False)
    try:
        signed = signing.verify_request(seen, lambda keyid: row.public if keyid == row.keyid else None)
    except signing.SignatureWrong as error:
        return Refusal("device-auth-failed", sticky=False, detail=str(error)[:200])
    if not signed.is_current(now_ms // 1000):
        return Refusal("signature-expired", sticky=False, server_time=text_of(now_ms))
    db.execute(insert(nonces).values(keyid=signed.keyid, nonce=signed.nonce, expires_ms=(signed.expires_s + 1) * 1000))
    return Device(terminal, row.station, row.epoch, row.keyid, Standing(row.state))


def sweep(db: Connection, now_ms: int) -> None:
    """Take out, a bounded number at a time, nonces that have expired and answers whose key nobody can still hold."""
    _take_out(db, nonces, nonces.c.expires_ms < now_ms)
    _take_out(db, idempotency, idempotency.c.at_ms < now_ms - KEPT // timedelta(milliseconds=1))


def _take_out(db: Connection, table: Table, old: ColumnElement[bool]) -> None:
    key = tuple(table.primary_key.columns)
    oldest = select(*key).where(old).limit(_SWEEP_AT_MOST)
    db.execute(delete(table).where(tuple_(*key).in_(oldest)))
