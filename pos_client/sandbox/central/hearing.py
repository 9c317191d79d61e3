"""Who may be heard: a request's signature, its time, its nonce, and how central regards the terminal.

In a transaction of its own, before the decision: a request that is refused here has touched nothing but, perhaps, the
table of nonces. On PostgreSQL it does not wait for the disk. A nonce that a crash of the database forgets could be used
again for five minutes, and what it would repeat is kept from a second effect by its idempotency key.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from pos_client.protocols.central import signing
from pos_client.sandbox.central.ledger.moment import text_of, to_ms
from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.ledger.terminals import Device, Standing
from pos_client.sandbox.central.service import CentralService, Unavailable
from pos_client.sandbox.central.storage.device_tables import device_keys, nonces, terminals
from pos_client.sandbox.central.storage.trouble import Trouble, trouble_of

POSTGRES = "postgresql"


def admit(service: CentralService, seen: signing.Seen, terminal: str) -> Device | Refusal:
    """Who signed this request, or why it is not heard. No refusal here is stored for a key.

    Raises `Unavailable`.
    """
    now_ms = to_ms(service.now())
    try:
        with service.engine.begin() as db:
            return _admit(db, seen, terminal, now_ms)
    except IntegrityError:
        return Refusal("request-replayed", sticky=False)
    except SQLAlchemyError as error:
        if trouble_of(error) is Trouble.OURS:
            raise
        raise Unavailable("who is speaking could not be looked up") from error


def _admit(db: Connection, seen: signing.Seen, terminal: str, now_ms: int) -> Device | Refusal:
    not_waiting = [func.set_config("synchronous_commit", "off", True)] if db.dialect.name == POSTGRES else []
    row = db.execute(
        select(device_keys.c.keyid, device_keys.c.public, device_keys.c.epoch, terminals.c.station, terminals.c.state)
        .add_columns(*not_waiting)
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
