"""The points engine: rules as values, what a sale earns, when points die, which are spent first.

Pure: central decides with it, the terminal explains with it, tests hold it to the rule table row by row.
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
    spend,
    spending_order,
)
from pos_client.domain.programme.profile import Profile, ProfileError, Rate, Rounding, Rule, load_profile

__all__ = [
    "MINIMUM_POINTS",
    "Earned",
    "Expiring",
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
    "load_profile",
    "spend",
    "spending_order",
]
