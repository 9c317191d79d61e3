"""Random days at central, against a plain model that shares no code with the ledger (I1, I4, I5, I6, I8, I13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pos_client.protocols.central import messages as m
from pos_client.protocols.central.sealing import pad_identifier, pad_secret, secret_info
from pos_client.sandbox.central.ledger import accruals, customers, redemptions
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Answer, Refusal
from pos_client.sandbox.central.overview import fund_sums, overview, text_messages
from pos_client.sandbox.central.scenario import set_up
from pos_client.sandbox.central.service import CentralService
from tests.central import STATION, TERMINAL, TestClock, a_service, the_scenario

WHO = {"000100001": 186_400, "000100004": 51_500}


@dataclass
class Hold:
    """What the model knows of one redemption."""

    who: str
    points: int
    state: str
    at: Any
    debited: int = 0


@dataclass
class Model:
    """Balances as a child would keep them."""

    balance: dict[str, int] = field(default_factory=lambda: dict(WHO))
    holds: dict[str, Hold] = field(default_factory=dict)
    sales: set[int] = field(default_factory=set)
    failures: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WHO, 0))
    locked_until: dict[str, Any] = field(default_factory=dict)

    def locked(self, who: str, now: Any) -> bool:
        """Five wrong codes in a row lock for a quarter of an hour; then the count begins anew."""
        if who in self.locked_until and now >= self.locked_until[who]:
            del self.locked_until[who]
            self.failures[who] = 0
        return who in self.locked_until


class Days(RuleBasedStateMachine):
    """Holds, codes, captures, voids, sales, repeats and time, in any order, for a few minutes of one day."""

    @initialize()
    def open(self) -> None:
        self.clock = TestClock()
        self.service = a_service(self.clock)
        self.model = Model()
        self.next = 0
        with self.service.book() as book:
            set_up(book, the_scenario())

    def teardown(self) -> None:
        if hasattr(self, "service"):
            self.service.engine.dispose()

    def known(self) -> list[str]:
        return sorted(self.model.holds)

    def expire(self) -> None:
        for hold in self.model.holds.values():
            if hold.state == "HELD" and self.clock.at >= hold.at + timedelta(seconds=300):
                hold.state = "EXPIRED"
                self.model.balance[hold.who] += hold.points

    @rule(who=st.sampled_from(sorted(WHO)), points=st.integers(50, 60_000))
    def hold(self, who: str, points: int) -> None:
        self.next += 1
        redemption = f"r-{self.next:03d}"
        with self.service.book() as book:
            found = customers.look_up(book, m.LookupRequest(identifier=m.IdentifierText(kind="id", text=who)))
            assert isinstance(found, Answer)
            reference = found.message.customer_ref  # type: ignore[attr-defined]
            asked = m.HoldRequest(station=STATION, customer_ref=reference, points=points, flow="gift")
            placed = redemptions.hold(book, redemption, TERMINAL, asked)
        fits = 100 <= points <= self.model.balance[who] and not self.model.locked(who, self.clock.at)
        assert isinstance(placed, Answer) == fits
        self.model.holds[redemption] = Hold(who, points, "HELD" if fits else "DECLINED", self.clock.at)
        if fits:
            self.model.balance[who] -= points

    @precondition(lambda self: self.model.holds)
    @rule(data=st.data(), right=st.booleans())
    def verify(self, data: st.DataObject, right: bool) -> None:
        redemption = data.draw(st.sampled_from(self.known()))
        hold = self.model.holds[redemption]
        with self.service.book() as book:
            challenge, code = _live_challenge(book, redemption)
            if challenge is None:
                return
            digits = code if right else f"{(int(code) + 1) % 10**6:06d}"
            info = secret_info(redemption, challenge, TERMINAL, hold.points)
            sealed = _seal(self.service.keys.seals, bytes(pad_secret(bytearray(digits.encode()), bytes(16))), info)
            told = redemptions.verify(
                book, redemption, TERMINAL, m.VerifyRequest(challenge_id=challenge, sealed=sealed)
            )
        was_locked = self.model.locked(hold.who, self.clock.at)
        if isinstance(told, Answer):
            assert (right and not was_locked) or hold.state == "AUTHORISED"
            assert hold.state in ("HELD", "AUTHORISED")
            if hold.state == "HELD":
                self.model.failures[hold.who] = 0
            hold.state = "AUTHORISED"
        elif told.code in ("credential-wrong", "credential-locked") and not was_locked:
            assert not right
            self.model.failures[hold.who] += 1
            assert (told.code == "credential-locked") == (self.model.failures[hold.who] == 5)
            if told.code == "credential-locked":
                self.model.locked_until[hold.who] = self.clock.at + timedelta(seconds=900)

    @precondition(lambda self: self.model.holds)
    @rule(data=st.data(), fuel=st.integers(0, 80_000))
    def capture(self, data: st.DataObject, fuel: int) -> None:
        redemption = data.draw(st.sampled_from(self.known()))
        hold = self.model.holds[redemption]
        request = m.CaptureRequest(
            station=STATION,
            point=1,
            nozzle=1,
            grade_code="DO-005S",
            volume_ml=fuel,
            amount_vnd=fuel,
            end_totalizer_ml=1,
            fuelled_at="2026-11-23T08:00:00+07:00",
        )
        with self.service.book() as book:
            told = redemptions.capture(book, redemption, TERMINAL, request)
        if hold.state == "AUTHORISED":
            hold.state, hold.debited = "CAPTURED", min(fuel, hold.points)
            self.model.balance[hold.who] += hold.points - hold.debited
        if hold.state in ("HELD", "DECLINED"):
            assert isinstance(told, Refusal)
        else:
            assert isinstance(told, Answer)
            assert told.message.points_debited == hold.debited  # type: ignore[attr-defined]

    @precondition(lambda self: self.model.holds)
    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        redemption = data.draw(st.sampled_from(self.known()))
        hold = self.model.holds[redemption]
        with self.service.book() as book:
            told = redemptions.void(book, redemption, TERMINAL, m.VoidRequest(reason="test"))
        assert isinstance(told, Refusal) == (hold.state == "CAPTURED")
        if hold.state in ("HELD", "AUTHORISED"):
            hold.state = "VOIDED"
            self.model.balance[hold.who] += hold.points

    @rule(who=st.sampled_from(sorted(WHO)), end=st.integers(1, 6), amount=st.integers(0, 300_000))
    def accrue(self, who: str, end: int, amount: int) -> None:
        self.next += 1
        sealed = _seal(self.service.keys.seals, pad_identifier("id", who, bytes(64)), b"plx-seal-identifier-v1")
        request = m.AccrualRequest(
            station=STATION,
            terminal=TERMINAL,
            sealed_identifier=sealed,
            receipt_number="x",
            point=1,
            nozzle=1,
            grade_code="DO-005S",
            unit_price=1,
            volume_ml=1,
            amount_vnd=amount,
            end_totalizer_ml=end,
            fuelled_at="2026-11-23T08:00:00+07:00",
            tenders=(m.TenderPart(tender="cash", amount_vnd=amount),),
        )
        with self.service.book() as book:
            told = accruals.post(book, f"a-{self.next}", request)
        assert isinstance(told, Answer) == (end not in self.model.sales)
        if end not in self.model.sales:
            self.model.sales.add(end)
            self.model.balance[who] += amount // 20_000 * 50

    @rule(seconds=st.sampled_from([1, 60, 179, 181, 301]))
    def later(self, seconds: int) -> None:
        self.clock.at += timedelta(seconds=seconds)
        self.expire()

    @invariant()
    def ledgers_agree(self) -> None:
        if not hasattr(self, "service"):
            return
        with self.service.book() as book:
            shown = overview(book)
            for who, expected in self.model.balance.items():
                sums = fund_sums(book, who)
                held = sum(
                    h.points for h in self.model.holds.values() if h.who == who and h.state in ("HELD", "AUTHORISED")
                )
                assert (sums["available"], sums["held"], sums["balanced"]) == (expected, held, True)
        states = {row["id"]: row["state"] for row in shown["redemptions"]}  # type: ignore[attr-defined]
        assert states == {name: hold.state for name, hold in self.model.holds.items()}


def _live_challenge(book: Book, redemption: str) -> tuple[str | None, str]:
    from sqlalchemy import select

    from pos_client.sandbox.central.storage.tables import challenges

    row = book.db.execute(
        select(challenges).where(challenges.c.redemption_id == redemption, challenges.c.state.in_(["live", "consumed"]))
    ).first()
    texts = [sms["code"] for sms in text_messages(book, "challenge") if sms["redemption_id"] == redemption]
    return (None, "") if row is None or not texts else (row.id, texts[-1])


def _seal(opener: Any, plain: bytes, info: bytes) -> str:
    """Sealed by hand: the adapter's sealer is not this test's subject."""
    import base64

    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    key = X25519PublicKey.from_public_bytes(base64.b64decode(opener.public_b64))
    sealed = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305).encrypt(plain, key, info=info)
    return base64.b64encode(sealed).decode()


TestDays = pytest.mark.timeout(240)(Days.TestCase)
TestDays.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)


def test_i13_points_held_over_their_last_day_come_back_alive_for_another():
    """Held on their last day, given back on the next: we had them, so they are good through the day after."""
    clock = TestClock()
    service = a_service(clock)
    try:
        with service.book() as book:
            set_up(book, the_scenario())
            found = customers.look_up(book, m.LookupRequest(identifier=m.IdentifierText(kind="id", text="000100004")))
            assert isinstance(found, Answer)
            reference = found.message.customer_ref  # type: ignore[attr-defined]
        clock.at += timedelta(days=6, seconds=-clock.at.hour * 3600 + 86_300)
        with service.book() as book:
            lookup = m.LookupRequest(identifier=m.IdentifierText(kind="id", text="000100004"))
            found = customers.look_up(book, lookup)
            assert isinstance(found, Answer)
            reference = found.message.customer_ref  # type: ignore[attr-defined]
            asked = m.HoldRequest(station=STATION, customer_ref=reference, points=40_000, flow="gift")
            assert isinstance(redemptions.hold(book, "r", TERMINAL, asked), Answer)
        clock.at += timedelta(seconds=200)
        with service.book() as book:
            assert fund_sums(book, "000100004")["available"] == 3_500  # 8.000 of the dying lot are gone, 40.000 held
            assert isinstance(redemptions.void(book, "r", TERMINAL, m.VoidRequest()), Answer)
        with service.book() as book:
            sums = fund_sums(book, "000100004")
            assert (sums["available"], sums["held"], sums["balanced"]) == (43_500, 0, True)
            found = customers.look_up(book, m.LookupRequest(identifier=m.IdentifierText(kind="id", text="000100004")))
            assert isinstance(found, Answer)
            assert found.message.expiring_points == 40_000  # type: ignore[attr-defined]
            assert found.message.expiring_on == (clock.at.date() + timedelta(days=1)).isoformat()  # type: ignore[attr-defined]
        clock.at += timedelta(days=2)
        with service.book() as book:
            sums = fund_sums(book, "000100004")
            assert (sums["available"], sums["balanced"]) == (3_500, True)
    finally:
        service.engine.dispose()


def test_a_decision_that_fails_leaves_nothing_behind():
    clock = TestClock()
    service = a_service(clock)
    try:
        with service.book() as book:
            set_up(book, the_scenario())
            before = overview(book)
        with pytest.raises(OverflowError):
            _half_a_decision(service)
        with service.book() as book:
            assert overview(book) == before
    finally:
        service.engine.dispose()


def _half_a_decision(service: CentralService) -> None:
    with service.book() as book:
        redemptions.void(book, "r", TERMINAL, m.VoidRequest())
        raise OverflowError
