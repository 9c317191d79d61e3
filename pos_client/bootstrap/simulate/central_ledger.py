"""What the simulated head office knows and keeps for ever: accounts, holds, entries, answers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from pos_client.domain.customer import CustomerKind
from pos_client.ports import central as c

TRIES = 3
RESENDS = 2
Result = c.CentralAnswer | c.Problem | c.NoAnswer


@dataclass
class Account:
    """Somebody with points. `pin` None: an individual, who gets codes by text message."""

    number: str
    kind: CustomerKind
    name: str
    phone: str
    points: int
    pin: str | None = None
    voucher: str | None = None
    status: str = "active"


@dataclass(frozen=True)
class Entry:
    """One line of the ledger; never changed."""

    kind: str
    account: str
    points: int
    operation: str


@dataclass
class HoldRecord:
    """One redemption as central sees it."""

    redemption_id: str
    account: str
    points: int
    state: str
    expires_ms: int = 0
    challenge: int = 0
    code: str = ""
    tries_left: int = TRIES
    resends_left: int = RESENDS
    consents: int = 0
    captured_vnd: int | None = None


@dataclass
class VoucherRecord:
    """A voucher activated for a station; its points are held until somebody states what it was spent on."""

    voucher_id: str
    account: str
    station: str
    points: int
    not_before_ms: int
    not_after_ms: int
    text: str
    state: str = "ACTIVATED"
    revoked: bool = False


@dataclass
class Ledger:
    """What central knows and keeps for ever."""

    accounts: dict[str, Account]
    entries: list[Entry] = field(default_factory=list)
    holds: dict[str, HoldRecord] = field(default_factory=dict)
    sales: dict[str, str] = field(default_factory=dict)
    """the sale's identity -> the accrual that earned on it"""
    accruals: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, tuple[str, Result]] = field(default_factory=dict)
    incidents: list[str] = field(default_factory=list)
    sms: dict[str, list[str]] = field(default_factory=dict)
    sessions: int = 0
    journal: list[dict[str, Any]] = field(default_factory=list)
    """the terminal's rows, as they were sent"""
    given_back: set[str] = field(default_factory=set)
    """redemptions whose void was confirmed: nothing may be held or debited for them ever after"""
    vouchers: dict[str, VoucherRecord] = field(default_factory=dict)
    stated: dict[str, dict[str, Any]] = field(default_factory=dict)
    """offline redemption -> what was stated of it, and what it was answered with"""
    shifts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """closed shifts, as they were stated"""
    reversed_by: dict[str, str] = field(default_factory=dict)
    """operation -> the reversal that undid it"""
    _codes: int = 0

    def balance(self, number: str) -> int:
        """Credits less debits, with what the account began with."""
        account = self.accounts[number]
        return account.points + sum(e.points for e in self.entries if e.account == number)

    def held(self, number: str) -> int:
        """Points set aside, of an account."""
        holds = sum(h.points for h in self.holds.values() if h.account == number and h.state in ("HELD", "AUTHORISED"))
        vouchers = (v for v in self.vouchers.values() if v.account == number and v.state == "ACTIVATED")
        return holds + sum(voucher.points for voucher in vouchers)

    def next_code(self, number: str) -> str:
        """Codes nobody would find in a journal by chance, each one different."""
        self._codes += 1
        code = str(int(hashlib.sha256(f"code {self._codes}".encode()).hexdigest(), 16))[:6]
        self.sms.setdefault(number, []).append(code)
        return code
