"""The prize draw (A30-A33): who gets a code, and a drawing anyone can repeat afterwards with paper and SHA-256.

In time order:

1. Before the window closes the organiser makes a secret seed and publishes `commitment_to(seed)`.
2. Each account's first verified purchase in the window gives it one code. After the window the list of codes is
   published (`digest_of` names it in one line).
3. On the day of the draw something nobody could choose is read out and written down (`beacon`: a state lottery's
   result of that day, say). Without it an organiser who knows his seed could try lists of codes until he likes the
   winners; with it neither side chooses.
4. The seed is published. Every code's place is HMAC-SHA256(seed, list digest, beacon, code); the smallest places win,
   the biggest prize first. `verify` repeats all of it.

A draw never takes a code twice, does not depend on the order of the list, and names winners masked.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pos_client.domain.customer import mask_name
from pos_client.domain.errors import RuleViolation
from pos_client.domain.programme import conduct as c
from pos_client.domain.programme.profile import Profile
from pos_client.value import dataclass

_COMMIT, _LIST, _PLACE = b"prize-draw:commitment:1\n", b"prize-draw:codes:1\n", b"prize-draw:place:1\n"
SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Purchase:
    """A verified purchase that may earn a draw code."""

    account: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DrawCode:
    """One chance of one account."""

    code: str
    account: str


@dataclass(frozen=True, slots=True)
class Win:
    """One prize and whose it is."""

    prize: str
    what: str
    code: str
    account: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing as it is published; the seed is in it, so everybody can repeat it."""

    commitment: str
    seed: str
    beacon: str
    list_digest: str
    wins: tuple[Win, ...]


def issue_codes(profile: Profile, purchases: Iterable[Purchase]) -> tuple[DrawCode, ...]:
    """Draw codes for verified purchases: the first ones of each account in the window, numbered in order of time (A33).

    Raises `RuleViolation` (`no_codes`) for a programme without draw codes.
    """
    found = profile.find(c.DrawCodes)
    if found is None:
        raise RuleViolation("no_codes")
    window, given, codes = found[1], dict[str, int](), list[DrawCode]()
    for purchase in sorted(purchases, key=lambda one: (one.at, one.account)):
        if not window.opens <= purchase.at <= window.closes or given.get(purchase.account, 0) >= window.per_account:
            continue
        given[purchase.account] = given.get(purchase.account, 0) + 1
        codes.append(DrawCode(f"{len(codes) + 1:07d}", purchase.account))
    return tuple(codes)


def commitment_to(seed: bytes) -> str:
    """What is published before the draw. Raises `ValueError` for a seed that is too short to be secret."""
    if len(seed) < SEED_BYTES:
        raise ValueError(f"a seed has at least {SEED_BYTES} bytes")
    return hashlib.sha256(_COMMIT + seed).hexdigest()


def digest_of(codes: Sequence[DrawCode]) -> str:
    """The published list of codes in one line, whatever its order."""
    lines = sorted(f"{one.code} {one.account}" for one in codes)
    return hashlib.sha256(_LIST + "\n".join(lines).encode()).hexdigest()


def prize_table(profile: Profile) -> tuple[c.Prize, ...]:
    """All prizes, the biggest first, as the programme lists them (A31, A32): 1 + 2 + 10 + 100 + 1,000."""
    return tuple(prize for _, terms in profile.each(c.Prizes) for prize in terms.prizes)


def draw(codes: Sequence[DrawCode], prizes: Sequence[c.Prize], seed: bytes, commitment: str, beacon: str) -> Drawing:
    """The drawing of this seed. With fewer codes than prizes the smallest prizes are left over.

    Raises `RuleViolation`: `seed_does_not_match` (not the seed that was committed to), `no_codes`, `codes_twice`.
    """
    if not hmac.compare_digest(commitment_to(seed), commitment):
        raise RuleViolation("seed_does_not_match")
    if not codes:
        raise RuleViolation("no_codes")
    seen: set[str] = set()
    for one in codes:
        if one.code in seen:
            raise RuleViolation("codes_twice", draw_code=one.code)
        seen.add(one.code)
    digest = digest_of(codes)
    salt = _PLACE + bytes.fromhex(digest) + len(beacon.encode()).to_bytes(4, "big") + beacon.encode()
    ranked = sorted(codes, key=lambda one: hmac.digest(seed, salt + one.code.encode(), "sha256"))
    each = [prize for prize in prizes for _ in range(prize.count)]
    wins = tuple(Win(prize.name, prize.what, one.code, one.account) for prize, one in zip(each, ranked, strict=False))
    return Drawing(commitment, seed.hex(), beacon, digest, wins)


def verify(published: Drawing, codes: Sequence[DrawCode], prizes: Sequence[c.Prize]) -> bool:
    """Whether a published drawing is the one its seed gives for this list of codes and these prizes."""
    try:
        seed = bytes.fromhex(published.seed)
        return draw(codes, prizes, seed, published.commitment, published.beacon) == published
    except (RuleViolation, ValueError):
        return False


def as_published(drawing: Drawing, names: Mapping[str, str]) -> list[dict[str, str]]:
    """The list of winners for screens and walls: names and account numbers masked (A31)."""
    return [
        {
            "prize": win.prize,
            "what": win.what,
            "code": win.code,
            "account": mask_account(win.account),
            "name": mask_name(names.get(win.account, "")),
        }
        for win in drawing.wins
    ]


def mask_account(number: str) -> str:
    """'000046821' -> '000 *** 821'."""
    return f"{number[:3]} *** {number[-3:]}"
