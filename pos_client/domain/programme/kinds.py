"""The vocabulary of a programme file: which `kind` is which class. What is absent is not understood."""

from __future__ import annotations

from pos_client.domain.programme import accrual_kinds as a
from pos_client.domain.programme import policies as p
from pos_client.domain.programme.expiry import FixedDay, FixedDayException

WAYS: dict[str, type] = {
    "percent": a.Percent,
    "percent_by_category": a.PercentByCategory,
    "percent_by_class": a.PercentByClass,
    "tenure": a.Tenure,
    "event": a.Event,
    "streak": a.Streak,
    "monthly_balance": a.MonthlyBalance,
    "look_back": a.LookBack,
    "conversion": a.Conversion,
    "birthday": a.Birthday,
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
    "choice": p.Choice,
    "one_time_code": p.OneTimeCode,
    "forms": p.Forms,
    "pin": p.PinLock,
    "voucher": p.VoucherRule,
    "voucher_use": p.VoucherUse,
    "states": p.States,
    "pin_entry": p.PinEntry,
    "words": p.Words,
    "verification": p.Verification,
    "rate": p.Rate,
    "value": p.Value,
    "tenders": p.TenderNames,
    "blocks": p.Blocks,
    "no_points": p.NoPoints,
    "expiry": FixedDay,
    "expiry_exception": FixedDayException,
    "deciding_time": p.DecidingTime,
    "account_number": p.AccountNumber,
    "campaign": p.Campaign,
    "prizes": p.Prizes,
    "draw_codes": p.DrawCodes,
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
