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


class EnrolmentAnswer(Message, frozen=True):
    """Which till this is from now on. `terminal` is its full name among all tills, `till` the short one at its station;
    `epoch` counts the enrolments under that name."""

    station: Name
    till: Name
    terminal: Name
    epoch: Amount
    server_time: Moment
    trust: TrustBundle
