"""How a till's key becomes known to central: `POST /v1/enrolments`.

The request is signed with the very key it brings, so that nobody enrols a key he does not hold. It is the one request
of the contract without `X-Terminal`: which till this is, is written down beside the code, not claimed by whoever types.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from pos_client.protocols.central.messages import Amount, Message, Moment, Name

PublicKey = Annotated[str, Meta(min_length=44, max_length=44, pattern="^[A-Za-z0-9+/]{43}=$")]
"""Raw 32 bytes in base64."""


class EnrolmentRequest(Message, frozen=True):
    """A one-time code of head office's, and the public half of a key made on this machine (Ed25519)."""

    code: Name
    public_key: PublicKey
    version: Name


class TrustBundle(Message, frozen=True):
    """What central is known by. A key that is added here gets a default, so that an older till still reads it."""

    seal_key: PublicKey
    permit_key: PublicKey
    answer_key: PublicKey


class SoldGrade(Message, frozen=True):
    """A grade that is sold, its price in force in the station's zone (đồng a litre), and whether it earns points."""

    code: Name
    name: Name
    unit_price: Amount
    earns: bool


class StationSheet(Message, frozen=True):
    """What nobody should have to type at a new till. A till takes of it what it does not have yet; prices change there
    as they always do."""

    name: Name
    zone: Name
    grades: Annotated[tuple[SoldGrade, ...], Meta(max_length=50)] = ()


class EnrolmentAnswer(Message, frozen=True):
    """Which till this is from now on. `terminal` is its full name among all tills, `till` the short one at its station;
    `epoch` counts the enrolments under that name. `sheet`: where head office keeps one of this station."""

    station: Name
    till: Name
    terminal: Name
    epoch: Amount
    server_time: Moment
    trust: TrustBundle
    sheet: StationSheet | None = None
