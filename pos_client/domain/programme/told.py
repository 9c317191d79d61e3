"""What a programme tells its customers in numbers: on the idle screen, and in the guides. Taken from its rules, so that
no sentence on a screen holds a number of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pos_client.domain.formatting import day, grouped
from pos_client.domain.programme import conduct as c
from pos_client.domain.programme import policies as p
from pos_client.domain.programme.profile import Profile
from pos_client.domain.quantities import Points, Vnd
from pos_client.domain.tender import TenderClass
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Earning:
    """So many points for each full block of đồng (A20, A21)."""

    block_vnd: Vnd
    points: Points


@dataclass(frozen=True, slots=True)
class Told:
    """A programme's numbers on one day. `places`: name -> the number as it stands in a sentence."""

    electronic: Earning | None
    cash: Earning | None
    places: Mapping[str, str]


def told(profile: Profile, on: date) -> Told:
    """The numbers of a programme on a day. What it has no rule for has no place, and a sentence that wants it is not
    said."""
    places = {"programme": profile.name, "minimum": grouped(profile.minimum_points)}
    electronic, cash = _earning(profile, TenderClass.ELECTRONIC, on), _earning(profile, TenderClass.CASH, on)
    for name, earning in (("electronic", electronic), ("cash", cash)):
        if earning is not None:
            places |= {f"{name}_block": grouped(earning.block_vnd), f"{name}_points": grouped(earning.points)}
    if (value := profile.find(p.Value)) is not None:
        places |= {"worth_points": grouped(value[1].points), "worth_vnd": grouped(value[1].vnd)}
    if (code := profile.find(c.OneTimeCode)) is not None:
        rule = code[1]
        places |= {"code_digits": str(rule.digits), "code_lives_s": str(rule.lives_s), "code_tries": str(rule.tries)}
        places |= {"code_sends": str(rule.sends), "code_again_s": str(rule.resend_after_s)}
    if (lock := profile.find(c.PinLock)) is not None:
        places["pin_tries"] = str(lock[1].wrong_tries)
    if (account := profile.find(c.AccountNumber)) is not None:
        places["id_digits"] = str(account[1].digits)
    if (voucher := profile.find(c.VoucherUse)) is not None and voucher[1].in_parts:
        places["in_parts"] = ""
    if profile.expiry is not None:
        places["last_day"] = day(profile.last_day_of_year(on.year))
    places |= {
        name: texts[name] for _, rule in profile.each(c.Words) for texts in (rule.texts,) for name in _SAID & set(texts)
    }
    return Told(electronic, cash, places)


_SAID = frozenset({"portal", "channels"})


def _earning(profile: Profile, tender: TenderClass, on: date) -> Earning | None:
    rate = profile.rate_on(tender, on)
    return None if rate is None else Earning(rate.rate.block_vnd, rate.rate.points)
