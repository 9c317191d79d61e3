"""The vocabulary of a programme file: which `kind` is which class. What is absent is not understood."""

from __future__ import annotations

from pos_client.domain.programme import amount_ways as a
from pos_client.domain.programme import conduct as c
from pos_client.domain.programme import event_ways as e
from pos_client.domain.programme import policies as p
from pos_client.domain.programme.expiry import FixedDay, FixedDayException

WAYS: dict[str, type] = {
    "percent": a.Percent,
    "percent_by_category": a.PercentByCategory,
    "percent_by_class": a.PercentByClass,
    "tenure": e.Tenure,
    "event": e.Event,
    "streak": e.Streak,
    "monthly_balance": e.MonthlyBalance,
    "look_back": a.LookBack,
    "conversion": a.Conversion,
    "birthday": e.Birthday,
}
"""Ways to earn with `accrue(rule, facts)`; fuel has its own, by tenders."""

KINDS: dict[str, type] = {
    **WAYS,
    "start": p.Start,
    "products": p.Products,
    "goods": p.Goods,
    "stations": p.Stations,
    "redemption_start": p.RedemptionStart,
    "available": p.Available,
    "choice": c.Choice,
    "one_time_code": c.OneTimeCode,
    "forms": c.Forms,
    "pin": c.PinLock,
    "voucher": c.VoucherRule,
    "voucher_use": c.VoucherUse,
    "states": c.States,
    "pin_entry": c.PinEntry,
    "words": c.Words,
    "verification": p.Verification,
    "rate": p.Rate,
    "value": p.Value,
    "tenders": p.TenderNames,
    "blocks": p.Blocks,
    "no_points": p.NoPoints,
    "expiry": FixedDay,
    "expiry_exception": FixedDayException,
    "deciding_time": c.DecidingTime,
    "account_number": c.AccountNumber,
    "campaign": c.Campaign,
    "prizes": c.Prizes,
    "draw_codes": c.DrawCodes,
    "redemption": p.Limits,
    "threshold": p.Threshold,
    "pool": p.Pool,
    "dissolution": p.Dissolution,
    "spending_order": p.SpendingOrder,
    "on_expiry": p.OnExpiry,
    "inactivity": p.Inactivity,
    "pending": p.Pending,
    "credit_day": p.CreditDay,
    "cap": p.Cap,
    "life": p.LifeRule,
    "life_range": p.LifeRange,
    "exclusions": p.Exclusions,
    "denominations": p.Denominations,
    "catalogue": p.Catalogue,
    "service_units": p.ServiceUnits,
    "part_payment": p.PartPayment,
    "rounding": p.HalfUp,
}
