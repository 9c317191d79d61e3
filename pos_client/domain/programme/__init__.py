"""The points engine: rules as values, what a sale earns, when points die, which are spent first.

Pure: central decides with it, the terminal explains with it, tests hold it to the rule table row by row.

    reading, inputs          a programme file, and what somebody states, read strictly
    kinds                    the vocabulary: policies, conduct, lives of points (expiry), ways to earn (amount_, event_)
    rule, consistency        one row, and what only shows between rows
    profile                  one programme: every row of its table, ready to decide with
    earning, accrual         what is earned, and why
    lots, spending, dying    which points go first, what they become, which have died
    ledger, pools            histories: entries that are never edited, holds, shares of a dissolved group
    draw                     the prize draw anyone can check
"""

from pos_client.domain.programme.earning import Earned, earn
from pos_client.domain.programme.lots import (
    MINIMUM_POINTS,
    Expiring,
    Lot,
    SpendPlan,
    available,
    expiring,
    expiry_of,
    given_back_until,
    spend,
    spending_order,
)
from pos_client.domain.programme.policies import Rate, Rounding
from pos_client.domain.programme.profile import Profile, load_profile
from pos_client.domain.programme.reading import Fault, ProfileError
from pos_client.domain.programme.rule import Rule

__all__ = [
    "MINIMUM_POINTS",
    "Earned",
    "Expiring",
    "Fault",
    "Lot",
    "Profile",
    "ProfileError",
    "Rate",
    "Rounding",
    "Rule",
    "SpendPlan",
    "available",
    "earn",
    "expiring",
    "expiry_of",
    "given_back_until",
    "load_profile",
    "spend",
    "spending_order",
]
