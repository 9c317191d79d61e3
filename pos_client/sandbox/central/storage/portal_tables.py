"""What the portal adds to central's tables: who may log in, who may do what, and what was done.

`portal_acts`, `disputes` and `case_decisions` are append-only. Times, days and amounts are as in `tables.py`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from pos_client.sandbox.central.storage.tables import SERIAL, metadata

portal_logins = Table(
    "portal_logins",
    metadata,
    Column("subject", String(60), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("cost", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until_ms", BigInteger),
)
"""Passwords of subjects (`account:NUMBER`, `member:ID`, `driver:ID`, `staff:ID`); `cost` is what scrypt was given."""

portal_sessions = Table(
    "portal_sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("subject", String(60), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    Column("ends_ms", BigInteger, nullable=False),
)
"""Who is logged in; `token` is the digest of the cookie, so that the table opens no session."""

portal_throttle = Table(
    "portal_throttle",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("since_ms", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
)

portal_acts = Table(
    "portal_acts",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("account", String(9), nullable=False),
    Column("act", String(40), nullable=False),
    Column("what", String(120), nullable=False),
    Index("acts_of_an_account", "account", "id"),
)

members = Table(
    "members",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("account", ForeignKey("accounts.number"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
)
"""People of an organisation who do not drive."""

staff = Table(
    "staff",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
)
"""People of head office."""

voucher_rights = Table(
    "voucher_rights",
    metadata,
    Column("holder", String(60), primary_key=True),
    Column("scope", String(20), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""Who holds the right to manage vouchers (A14): a driver or member, `own` or `organisation`."""

invitations = Table(
    "invitations",
    metadata,
    Column("subject", String(60), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
)
"""A code an organisation gives one of its people for the first log-in; good once."""

voucher_batches = Table(
    "voucher_batches",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("account", ForeignKey("accounts.number"), nullable=False),
    Column("actor", String(60), nullable=False),
    Column("rows", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("codes", Text),
)
"""Vouchers that were looked at and may be confirmed, once; `codes`: what they became."""

disputes = Table(
    "disputes",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("account", ForeignKey("accounts.number"), nullable=False, index=True),
    Column("entry_id", BigInteger, nullable=False),
    Column("words", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""What a customer says was not his: an entry of his fund, in his words."""

case_decisions = Table(
    "case_decisions",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("about", String(80), nullable=False, index=True),
    Column("decision", String(40), nullable=False),
    Column("note", Text, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""What head office decided of a case (`dispute:ID`, `incident:ID`, `refusal:…`); the last one stands."""

station_places = Table(
    "station_places",
    metadata,
    Column("station", ForeignKey("stations.code"), primary_key=True),
    Column("zone", Integer, nullable=False),
    Column("province", Text, nullable=False),
    Column("latitude_e6", Integer),
    Column("longitude_e6", Integer),
)
"""Where a station lies: its price zone, and its place on the map in millionths of a degree."""
