"""The whole terminal in memory, no threads: the production core between a fake forecourt, central and disk.

`run` plays messages until nothing is left to do, `advance` moves time, `restart` kills the program and starts it anew
over the same books while pumps and central live on. `check_ledgers` compares the three ledgers (meters, journal,
points) with code of its own; it holds the invariants I1-I7 and I13 of the design.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeVar

from pos_client.bootstrap import loading
from pos_client.bootstrap.paths import resources
from pos_client.bootstrap.simulate.books import MemoryStore
from pos_client.bootstrap.simulate.central import Account, FakeCentral
from pos_client.bootstrap.simulate.clock import FakeClock, FakeDice
from pos_client.bootstrap.simulate.envelopes import Envelopes, FakeWire
from pos_client.bootstrap.simulate.printer import FakePrinter
from pos_client.bootstrap.simulate.pumps import FakeForecourt, Pump
from pos_client.domain import facts as f
from pos_client.domain.customer import CustomerKind
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.identifiers import AccrualId, NozzleId, PointId
from pos_client.domain.journal import JournalEntry
from pos_client.domain.outbox import WAITING
from pos_client.domain.redemption import RedemptionState
from pos_client.domain.tender import TenderKind
from pos_client.ports import central as c
from pos_client.ports.dispensers import Authorise, DispenserCommand
from pos_client.ports.store import Change
from pos_client.services import messages as m
from pos_client.services.desk import Desk
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.services.terminal import Terminal
from pos_client.settings.model import GradeSettings, LineSettings, PointSettings, Settings, StationSettings

PROFILE = loading.profile(resources())
PRICES = {"E10": 27_080, "E5": 25_790, "DO": 30_490}
SETTINGS = Settings(
    station=StationSettings("CHXD018", "CHXD số 18", "T1", "Hoa"),
    grades=tuple(GradeSettings(code, code, price) for code, price in PRICES.items()),
    lines=(
        LineSettings(
            "line", "fake", "fake", points=(PointSettings(1, 80, ("E10", "E5")), PointSettings(2, 81, ("DO",)))
        ),
    ),
)
INDIVIDUAL, ORGANISATION, VOUCHER, BLOCKED, POOR = "000100001", "000200001", "P-00231", "000100003", "000100009"
PHONE = "0912000001"
ORGANISATION_PIN, DRIVER_PIN = "246813", "135790"
OK, CLEAR, CANCEL = KeypadKey.OK, KeypadKey.CLEAR, KeypadKey.CANCEL
QUIET_STEPS = 20_000
KindOfFact = TypeVar("KindOfFact", bound=f.Fact)


def people() -> list[Account]:
    """Fresh accounts."""
    return [
        Account(INDIVIDUAL, CustomerKind.INDIVIDUAL, "Phúc", "+84912000001", 186_400),
        Account("000100004", CustomerKind.INDIVIDUAL, "Minh Anh", "+84912000004", 51_500),
        Account(ORGANISATION, CustomerKind.ORGANISATION, "Sao Mai", "+84912000011", 2_450_000, pin=ORGANISATION_PIN),
        Account("voucher-231", CustomerKind.VOUCHER, "Toản", "", 500_000, pin=DRIVER_PIN, voucher=VOUCHER),
        Account(BLOCKED, CustomerKind.INDIVIDUAL, "Dũng", "+84912000003", 55_000, status="blocked"),
        Account(POOR, CustomerKind.INDIVIDUAL, "Hà", "+84912000009", 50),
    ]


class Crash(BaseException):
    """The power switch; passes every handler the program has."""


class WatchedStore(MemoryStore):
    """The books, and a power switch at a chosen commit: after it is durable, before anybody learns of it."""

    def __init__(self) -> None:
        super().__init__()
        self.commits = 0
        self.crash_after: int | None = None

    def commit(self, change: Change, at: datetime) -> Sequence[JournalEntry]:
        entries = super().commit(change, at)
        self.commits += 1
        if self.crash_after is not None and self.commits >= self.crash_after:
            self.crash_after = None
            raise Crash
        return entries


class Rig:
    """A station."""

    def __init__(self, settings: Settings = SETTINGS) -> None:
        self.settings = settings
        self.clock, self.dice, self.store = FakeClock(), FakeDice(), WatchedStore()
        self.envelopes, self.printer = Envelopes(), FakePrinter()
        self.inbox: deque[object] = deque()
        self.central = FakeCentral(self.envelopes, people(), self._post, self.clock.now, watch=self._leaving)
        self.forecourt = FakeForecourt(self._post)
        for point in settings.forecourt().points:
            totals = {n.nozzle: 100_000_000 * point.point + 1_000 * n.nozzle for n in point.nozzles}
            prices = {n.nozzle: n.grade.unit_price for n in point.nozzles}
            self.forecourt.pumps[point.point] = Pump(point.point, totals, prices)
        self.snapshot: TerminalSnapshot | None = None
        self.notices: list[str] = []
        self.restarted_lines: list[str] = []
        self.gift_commands: dict[str, str] = {}
        self.messages = 0
        self.crash_after_message: int | None = None
        self.alive = False
        self.boot()

    # ── the program's life ─────────────────────────────────────────────────────────────────────────────────────

    def boot(self) -> None:
        """Start the program over the books there are."""
        now = self.clock.now()
        self.desk = Desk(
            settings=self.settings,
            forecourt=self.settings.forecourt(),
            profile=PROFILE,
            store=self.store,
            dispensers=_WatchedLine(self),
            central=self.central,
            wire=FakeWire(self.envelopes),
            printer=self.printer,
            dice=self.dice,
            now=now,
        )
        self.terminal = Terminal(self.desk, "test", "memory")
        self.alive = True
        self._show(self.terminal.start(now))
        self.forecourt.attach()
        self.tell(m.Tick())

    def die(self, *, requests_arrive: bool = True) -> None:
        """Everything in memory is gone; pumps and central do not notice."""
        self.alive = False
        self.inbox.clear()
        self.forecourt.forget_commands()
        self.central.caller_died(requests_arrive=requests_arrive)

    def restart(self, *, requests_arrive: bool = True) -> None:
        """Killed, and started again over the same books."""
        self.die(requests_arrive=requests_arrive)
        self.boot()

    # ── time and messages ──────────────────────────────────────────────────────────────────────────────────────

    def run(self) -> None:
        """Everything that can happen now, happens."""
        for _ in range(QUIET_STEPS):
            if self.inbox:
                message = self.inbox.popleft()
                self._show(self.terminal.handle(message, self.clock.now()))
                self.messages += 1
                if self.crash_after_message is not None and self.messages >= self.crash_after_message:
                    self.crash_after_message = None
                    raise Crash
            elif not (self.forecourt.work() or self.central.work()):
                return
        raise AssertionError("the terminal does not come to rest")

    def tell(self, *commands: object) -> None:
        """Messages into the inbox, and all that follows from them."""
        for command in commands:
            self._post(command)
            self.run()

    def advance(self, ms: int, step_ms: int = 1_000) -> None:
        """Time passes, with a tick every step."""
        while ms > 0:
            self.clock.advance(min(step_ms, ms))
            ms -= step_ms
            self.tell(m.Tick())

    def act(self, verb: Callable[..., Any], *arguments: Any) -> None:
        """Somebody at a pump does something; the terminal hears of it."""
        verb(*arguments)
        self.run()

    def _post(self, message: object) -> None:
        if self.alive:
            self.inbox.append(message)

    def _show(self, snapshot: TerminalSnapshot) -> None:
        self.snapshot = snapshot
        if snapshot.notice is not None:
            code = snapshot.notice.code
            assert code != "illegal_transition", f"a bug of ours: {snapshot.notice.params}"
            if not self.notices or self.notices[-1] != code:
                self.notices.append(code)

    @property
    def picture(self) -> TerminalSnapshot:
        """The last snapshot."""
        assert self.snapshot is not None
        return self.snapshot

    def look(self) -> TerminalSnapshot:
        """The last snapshot, for a second look in one test (a type checker believes what it saw of a property)."""
        return self.picture

    # ── what people do ─────────────────────────────────────────────────────────────────────────────────────────

    def fuel(self, point: int = 1, millilitres: int = 10_000, nozzle: int = 1) -> None:
        """A driver fuels and hangs up; the cashier authorises."""
        self.act(self.forecourt.lift, point, nozzle)
        self.tell(m.AuthorisePoint(PointId(point)))
        self.act(self.forecourt.flow, point, millilitres)
        self.act(self.forecourt.hang, point)

    def identify(self, text: str = INDIVIDUAL) -> None:
        """A customer is typed or scanned."""
        self.tell(m.Identify(text))

    def keys(self, *keys: int | str | KeypadKey) -> None:
        """The customer types."""
        for key in keys:
            if isinstance(key, str) and not isinstance(key, KeypadKey):
                self.keys(*(int(digit) for digit in key))
            else:
                self.tell(m.KeypadPressed(key))

    def code(self, number: str = INDIVIDUAL) -> str:
        """The last text message."""
        sent = self.central.ledger.sms.get(number)
        return sent[-1] if sent else "000000"

    def pay(self, kind: TenderKind = TenderKind.CASH, amount_vnd: int | None = None) -> None:
        """A tender key."""
        self.tell(m.TakeTender(kind, amount_vnd))

    def select(self, point: int) -> None:
        """A pump's digit."""
        self.tell(m.SelectPoint(PointId(point)))

    # ── what the books say ─────────────────────────────────────────────────────────────────────────────────────

    def facts(self, kind: type[KindOfFact]) -> list[KindOfFact]:
        """All facts of a kind."""
        return [entry.fact for entry in self.store.journal if isinstance(entry.fact, kind)]

    def only(self, kind: type[KindOfFact]) -> KindOfFact:
        """The only fact of a kind."""
        (fact,) = self.facts(kind)
        return fact

    def states(self) -> list[str]:
        """Central's states of all redemptions."""
        return [hold.state for hold in self.central.ledger.holds.values()]

    def debits(self) -> list[int]:
        """Points central has debited."""
        return [-entry.points for entry in self.central.ledger.entries if entry.kind == "debit"]

    def credits(self) -> list[int]:
        """Points central has credited."""
        return [entry.points for entry in self.central.ledger.entries if entry.kind == "credit"]

    # ── coming to rest ─────────────────────────────────────────────────────────────────────────────────────────

    def settle(self, seconds: int = 420) -> None:
        """Everybody goes home, every fault ends, time passes: what is owed must get done (L1)."""
        self.store.fault, self.store.fail_after = None, None
        self.central.down = False
        self.central.faults.clear()
        self.forecourt.faults.clear()
        if not self.alive:
            self.boot()
        for point in self.forecourt.pumps:
            self.forecourt.restore_power(point)
            self.forecourt.plug(point)
            self.forecourt.hang(point)
        self.run()
        self.advance(min(seconds, 30) * 1000, step_ms=3_000)
        self.advance(max(0, seconds - 30) * 1000, step_ms=30_000)

    def sell_everything(self) -> None:
        """The cashier collects all that is due: every litre must be sellable (I16)."""
        for _ in range(200):
            if self.picture.sale is None:
                self.tell(m.SelectOldest())
            if self.picture.sale is None:
                in_hand = [s for s in self.desk.state.sales.values() if s.paid_at is None]
                if not in_hand:
                    return
                self.select(in_hand[0].fuelling.point)
            assert self.picture.sale is not None, "a sale that cannot be brought to the counter"
            if self.desk.state.open_sale is not None and self.picture.sale.due_vnd == 0:
                raise AssertionError("a sale with nothing due that is not paid")
            self.pay()
        raise AssertionError("sales that cannot be finished")

    def check_ledgers(self) -> None:
        """The three ledgers tell one story."""
        _Auditor(self).audit()

    # ── the watchmen ───────────────────────────────────────────────────────────────────────────────────────────

    def _leaving(self, call: c.EncodedCall) -> None:
        """Nothing leaves that was not written before (I14)."""
        body = json.loads(call.body)
        match body["verb"]:
            case "Hold":
                written = any(i.redemption_id == body["redemption_id"] for i in self.facts(f.HoldIntended))
            case "Verify":
                name = (body["redemption_id"], body["n"])
                written = any((i.redemption_id, i.n) == name for i in self.facts(f.VerifyIntended))
            case "Capture":
                written = any(i.redemption_id == body["redemption_id"] for i in self.facts(f.DispenseFinished))
            case "Void":
                written = any(i.redemption_id == body["redemption_id"] for i in self.facts(f.VoidIntended))
            case "Accrue":
                written = any(i.accrual_id == body["accrual_id"] for i in self.facts(f.AccrualStated))
            case _:
                written = True
        assert written, f"sent before it was written: {call.key}"

    def authorising(self, command: DispenserCommand) -> None:
        """A gift is armed only after a durable intent and a durable consent (I9)."""
        gift = self.desk.state.gift_at(command.point)
        if isinstance(command, Authorise) and gift is not None:
            armed = [i for i in self.facts(f.ArmIntended) if i.redemption_id == gift.redemption_id]
            consents = [i for i in self.facts(f.ConsentGiven) if i.redemption_id == gift.redemption_id]
            assert armed, "armed before it was written"
            assert consents, "armed without consent"
            assert command.preset_vnd == consents[0].points
            self.gift_commands[command.command_id] = gift.redemption_id


class _WatchedLine:
    """The way down to the pumps, with somebody looking."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig

    def restart_line(self, line: str) -> None:
        self._rig.restarted_lines.append(line)

    def send(self, command: DispenserCommand) -> None:
        self._rig.authorising(command)
        self._rig.forecourt.send(command)


class _Auditor:
    """Compares meters, journal and points. Folds the journal by hand; nothing of the terminal's is called."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.ledger = rig, rig.central.ledger
        self.fuellings = {fact.fuelling_id: fact for fact in rig.facts(f.FuellingCompleted)}
        self.released = {fact.sale_id for fact in rig.facts(f.SaleReleased)}
        self.sales = {fact.sale_id: fact for fact in rig.facts(f.SaleOpened) if fact.sale_id not in self.released}
        self.paid = {fact.sale_id: fact for fact in rig.facts(f.SalePaid)}

    def audit(self) -> None:
        assert self.ledger.incidents == []
        assert not self.rig.desk.unwritten, "the disk is well again, but something is not written"
        self._fuel()
        self._sales()
        self._redemptions()
        self._accruals()
        self._points()
        self._rest()

    def _fuel(self) -> None:
        """I2: every litre the meters counted is in the journal, once."""
        assert len(self.fuellings) == len(self.rig.facts(f.FuellingCompleted)), "a fuelling was written twice"
        for pump in self.rig.forecourt.pumps.values():
            for nozzle, total in pump.totals.items():
                mine = [x for x in self.fuellings.values() if (x.point, x.nozzle) == (pump.point, nozzle)]
                flowed = total - pump.initial[nozzle]
                assert sum(x.volume_ml for x in mine) == flowed, f"meter {pump.point}/{nozzle} and journal differ"
                ends = sorted((x.start_totalizer_ml or 0, x.end_totalizer_ml) for x in mine)
                assert all(a[1] <= b[0] for a, b in pairwise(ends)), "the same litres twice"

    def _sales(self) -> None:
        """I7: a fuelling is sold once, for its price, and points pay no more than was consented to."""
        sold = Counter(sale.fuelling_id for sale in self.sales.values())
        assert all(count == 1 for count in sold.values()), "a fuelling sold twice"
        assert set(sold) == set(self.fuellings), "litres nobody sold"
        numbers = Counter(fact.receipt_number for fact in self.rig.facts(f.SaleOpened))
        assert all(count == 1 for count in numbers.values()), "a receipt number given twice"
        for sale_id, sale in self.sales.items():
            given = sum(t.amount_vnd for t in self.rig.facts(f.TenderTaken) if t.sale_id == sale_id)
            assert given == self.fuellings[sale.fuelling_id].amount_vnd
            assert sale_id in self.paid

    def _redemptions(self) -> None:
        """I1, I3, I4, I5, I8 from both sides."""
        endings = (f.Captured, f.ShortfallRecorded, f.Voided, f.HoldDeclined, f.ReviewNeeded)
        finals = Counter(fact.redemption_id for kind in endings for fact in self.rig.facts(kind))  # type: ignore[attr-defined]
        for intent in self.rig.facts(f.HoldIntended):
            self._redemption(intent)
            times = finals[intent.redemption_id]
            assert times == 1, f"{intent.redemption_id} ended {times} times"
        intended = {intent.redemption_id for intent in self.rig.facts(f.HoldIntended)}
        assert set(self.ledger.holds) <= intended, "a hold nobody intended"
        finished = Counter(fact.redemption_id for fact in self.rig.facts(f.DispenseFinished))
        assert all(count == 1 for count in finished.values())

    def _redemption(self, intent: f.HoldIntended) -> None:
        redemption_id = intent.redemption_id
        hold = self.ledger.holds.get(redemption_id)
        debits = [-e.points for e in self.ledger.entries if e.kind == "debit" and e.operation == redemption_id]
        finished = [x for x in self.rig.facts(f.DispenseFinished) if x.redemption_id == redemption_id]
        captured = [x for x in self.rig.facts(f.Captured) if x.redemption_id == redemption_id]
        tendered = sum(t.amount_vnd for t in self.rig.facts(f.TenderTaken) if t.redemption_id == redemption_id)
        assert hold is None or hold.state not in ("HELD", "AUTHORISED"), f"an orphan hold: {hold}"
        assert len(debits) <= 1
        assert sum(debits) == tendered, f"debited {debits}, paid with points {tendered}"
        assert sum(debits) == sum(x.points_debited for x in captured)
        if finished:
            assert hold is not None
            assert debits == [min(finished[0].amount_vnd, hold.points)]
        if debits:
            assert hold is not None
            assert hold.consents == 1
            assert sum(debits) <= hold.points
        if hold is not None and intent.flow == "gift":
            armed = [x for x in self.rig.facts(f.ArmIntended) if x.redemption_id == redemption_id]
            flowed = self._flowed_under(armed)
            assert (sum(debits) > 0) == (flowed > 0), f"gift: {flowed} ml flowed, {debits} debited"

    def _flowed_under(self, armed: Sequence[f.ArmIntended]) -> int:
        """What really flowed under the authorisations of a gift, by the meter."""
        gifts = {intent.redemption_id for intent in armed}
        commands = {command for command, gift in self.rig.gift_commands.items() if gift in gifts}
        pumps = self.rig.forecourt.pumps.values()
        return sum(d.volume_ml for pump in pumps for d in pump.deliveries if d.command_id in commands)

    def _accruals(self) -> None:
        """I6: one credit a sale at the most, by the tariff, and none for what points paid (A25)."""
        stated = {fact.accrual_id: fact for fact in self.rig.facts(f.AccrualStated)}
        per_sale = Counter(fact.sale_id for fact in stated.values())
        assert all(count == 1 for count in per_sale.values())
        assert set(self.ledger.accruals) <= set(stated)
        outcomes = Counter(x.accrual_id for k in (f.AccrualPosted, f.AccrualRefused) for x in self.rig.facts(k))  # type: ignore[attr-defined]
        assert {a: 1 for a in stated} == dict(outcomes), "an accrual without its one outcome"
        blocks = {"cash": 20_000, "qr": 10_000, "card": 10_000, "points": None, "waived": None}
        for accrual_id, booked in self.ledger.accruals.items():
            sale_id = stated[AccrualId(accrual_id)].sale_id
            tenders = [t for t in self.rig.facts(f.TenderTaken) if t.sale_id == sale_id]
            rates = [(t.amount_vnd, blocks[t.kind]) for t in tenders]
            assert booked["points"] == sum(amount // block * 50 for amount, block in rates if block)
            posted = [x for x in self.rig.facts(f.AccrualPosted) if x.accrual_id == accrual_id]
            assert [x.points for x in posted] == [booked["points"]]
            assert self.paid[sale_id].points_expected == booked["points"]

    def _points(self) -> None:
        """I13: whole numbers, nobody below zero, nothing held for ever."""
        for number in self.ledger.accounts:
            balance = self.ledger.balance(number)
            assert isinstance(balance, int)
            assert balance >= 0
            assert self.ledger.held(number) == 0
        for entry in self.rig.store.journal:
            for name in getattr(entry.fact, "__dataclass_fields__", ()):
                assert not isinstance(getattr(entry.fact, name), float), f"{name} is no whole number"

    def _rest(self) -> None:
        """Nothing waits, nothing is half done, and a restart would find it so."""
        desk = self.rig.desk
        assert [i.key for i in desk.state.outbox.values() if i.state in WAITING] == []
        assert [r for r in desk.state.redemptions.values() if not r.is_final] == []
        assert self.rig.picture.status.central is LinkState.UP
        states = {r.redemption_id: r.state for r in desk.state.redemptions.values()}
        assert RedemptionState.SHORTFALL not in states.values()
        books = self.rig.store.open_books()
        pumps = self.rig.forecourt.pumps.values()
        meters = {(pump.point, nozzle): total for pump in pumps for nozzle, total in pump.totals.items()}
        assert dict(books.totalizers) == meters
        assert {item.key for item in books.items} == set(desk.state.outbox)


__all__ = ["CANCEL", "CLEAR", "OK", "Crash", "NozzleId", "Rig"]
