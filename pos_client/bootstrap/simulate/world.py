"""The whole terminal in memory, no threads: the production core between a fake forecourt, central and disk.

`run` plays messages until nothing is left to do, `advance` moves time, `restart` kills the program and starts it anew
over the same books while pumps and central live on. `check_ledgers` compares the three ledgers (meters, journal,
points) with code of its own; it holds the invariants I1-I7 and I13 of the design.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pos_client.adapters.claims.one_forecourt import OneForecourtClaims
from pos_client.bootstrap import loading
from pos_client.bootstrap.paths import resources
from pos_client.bootstrap.simulate import signed_texts
from pos_client.bootstrap.simulate.books import Crash, WatchedStore
from pos_client.bootstrap.simulate.books_on_disk import BooksOnDisk
from pos_client.bootstrap.simulate.central import FakeCentral
from pos_client.bootstrap.simulate.checker import Evidence, check
from pos_client.bootstrap.simulate.clock import FakeClock, FakeDice
from pos_client.bootstrap.simulate.envelopes import Envelopes, FakeWire
from pos_client.bootstrap.simulate.evidence import gathered
from pos_client.bootstrap.simulate.printer import FakePrinter
from pos_client.bootstrap.simulate.pumps import FakeForecourt, Pump
from pos_client.bootstrap.simulate.scene import (
    BLOCKED,
    DRIVER_PIN,
    INDIVIDUAL,
    ORGANISATION,
    ORGANISATION_PIN,
    PHONE,
    POOR,
    PRICES,
    SETTINGS,
    VOUCHER,
    people,
)
from pos_client.bootstrap.simulate.violation import Violation, hold
from pos_client.bootstrap.simulate.watchmen import KindOfFact, Watchmen
from pos_client.domain.bundle import Revocations
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.known_time import ms_of
from pos_client.domain.outbox import WAITING
from pos_client.domain.programme.profile import Profile
from pos_client.domain.tender import TenderKind
from pos_client.ports.claims import Claims
from pos_client.ports.dispensers import Authorise, DispenserCommand
from pos_client.ports.marks import NoMarks
from pos_client.services import messages as m
from pos_client.services.desk import Desk
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import Notice, PointsPhase, TerminalSnapshot
from pos_client.services.terminal import Terminal
from pos_client.settings.model import Settings

OK, CLEAR, CANCEL = KeypadKey.OK, KeypadKey.CLEAR, KeypadKey.CANCEL
QUIET_STEPS = 20_000
FIRST_STEP_MS, LONGEST_STEP_MS = 3_000, 60_000


@cache
def _profile() -> Profile:
    """The programme's rules, read when the first station is made."""
    return loading.profile(resources())


class Rig:
    """A station. `totals`: where the totalizers of some points and nozzles stand at first."""

    def __init__(
        self,
        settings: Settings = SETTINGS,
        *,
        totals: Mapping[tuple[int, int], int] | None = None,
        store: WatchedStore | BooksOnDisk | None = None,
        clock: FakeClock | None = None,
        claims: Claims | None = None,
    ) -> None:
        self.settings = settings
        self.clock, self.dice = clock or FakeClock(), FakeDice()
        self.store = store or WatchedStore()
        self._claims_elsewhere = claims
        """kept by an engine that outlives this till; None: in the till's own memory"""
        self.envelopes, self.printer = Envelopes(), FakePrinter()
        self.inbox: deque[object] = deque()
        self.watchmen = Watchmen(lambda: self.store.journal)
        self.central = FakeCentral(
            self.envelopes, people(), self._post, self.clock.now, true=self.clock.true, watch=self.watchmen.leaving
        )
        self.forecourt = FakeForecourt(self._post, now=self.clock.now)
        listed = dict(settings.price_list().prices(self.clock.now().wall))
        for point in settings.forecourt().points:
            meters = {n.nozzle: 100_000_000 * point.point + 1_000 * n.nozzle for n in point.nozzles}
            meters |= {n: (totals or {}).get((point.point, n), total) for n, total in meters.items()}
            prices = {n.nozzle: listed[n.grade.code] for n in point.nozzles}
            self.forecourt.pumps[point.point] = Pump(point.point, meters, prices, modulus_ml=point.meter.modulus_ml)
        self._drawn: TerminalSnapshot | None = None
        self._handling: object = None
        self.notices: list[str] = []
        self.restarted_lines: list[str] = []
        self.vouchers: list[str] = []
        """signed texts drivers have on their phones"""
        self.plates_seen: set[str] = set()
        """vouchers whose plate the cashier found on the vehicle"""
        self.taken: dict[str, dict[str, Any]] = {}
        """offline redemption -> what was true when its voucher was taken"""
        self.clock_moved = False
        self.messages = 0
        self.marks = NoMarks()
        """records an earlier run died on; a person's hand puts them here"""
        self.crash_after_message: int | None = None
        self.alive = False
        self.boot()

    # ── the program's life ─────────────────────────────────────────────────────────────────────────────────────

    def boot(self) -> None:
        """Start the program over the books there are."""
        now = self.clock.now()
        self.claims = self._claims_elsewhere or OneForecourtClaims()
        self.desk = Desk(
            settings=self.settings,
            forecourt=self.settings.forecourt(),
            profile=_profile(),
            store=self.store,
            dispensers=_WatchedLine(self),
            claims=self.claims,
            central=self.central,
            wire=FakeWire(self.envelopes),
            printer=self.printer,
            dice=self.dice,
            now=now,
            marks=self.marks,
        )
        self.terminal = Terminal(self.desk, "test", "memory")
        self.alive = True
        self._drawn = self.terminal.start(now)
        self._hear(self._drawn.notice)
        self.forecourt.attach()
        self._look_at_takings()
        self.tell(m.Tick())

    def die(self, *, requests_arrive: bool = True) -> None:
        """Everything in memory is gone; pumps and central do not notice."""
        self.alive = False
        self.inbox.clear()
        self.forecourt.forget_commands()
        self.central.caller_died(requests_arrive=requests_arrive)
        self.store.power_cut()

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
                self._handling = message
                self.terminal.take(message, self.clock.now())
                self._drawn = None
                self._hear(self.desk.state.notice)
                self.messages += 1
                if self.crash_after_message is not None and self.messages >= self.crash_after_message:
                    self.crash_after_message = None
                    raise Crash
            elif not (self.forecourt.work() or self.central.work()):
                return
        raise Violation("L1", "the terminal does not come to rest")

    def tell(self, *commands: object) -> None:
        """Messages into the inbox, and all that follows from them."""
        for command in commands:
            self._post(command)
            self.run()
            if isinstance(command, m.ConfirmPlate | m.SelectPoint):
                self._look_at_takings()

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

    def _hear(self, notice: Notice | None) -> None:
        if notice is not None:
            hold(notice.code != "illegal_transition", "bug", f"an illegal transition: {notice.params}")
            if not self.notices or self.notices[-1] != notice.code:
                self.notices.append(notice.code)

    @property
    def picture(self) -> TerminalSnapshot:
        """What the screens show; drawn when somebody looks. A dead program's screens keep what was drawn last."""
        if self._drawn is None:
            self._drawn = self.terminal.snapshot()
        return self._drawn

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

    def activate(self, points: int = 100_000, station: str = "CHXD018", lives_s: int = 43_200) -> str | None:
        """A driver activates his voucher for a station, on his phone."""
        text = self.central.offline.activate("voucher-231", VOUCHER, station, points, lives_s)
        if text is not None:
            self.vouchers.append(text)
        return text

    def look_at_plate(self, matches: bool = True) -> None:
        """The cashier looks at the vehicle."""
        attempt = self.terminal._redemptions.attempt
        if attempt is None or attempt.phase is not PointsPhase.CONFIRM_PLATE or attempt.signed is None:
            return
        if matches:
            self.plates_seen.add(attempt.signed.voucher_id)
        self.tell(m.ConfirmPlate() if matches else m.CancelRedemption())

    def _look_at_takings(self) -> None:
        """Whatever was taken just now, was taken at this very moment."""
        for one in self.desk.state.redemptions.values():
            if one.voucher_id is None or one.redemption_id in self.taken:
                continue
            entry = self.store.last_of("bundle:revocations")
            listed = signed_texts.read_bundle(getattr(entry.fact, "text", "")).content if entry else None
            told_ms = self.central.offline.told_ms
            now_ms = ms_of(self.clock.true())
            self.taken[one.redemption_id] = {
                "at_ms": now_ms,
                "since_told_ms": None if told_ms is None else now_ms - told_ms,
                "was_listed": isinstance(listed, Revocations) and one.voucher_id in listed.voucher_ids,
                "clock_moved": self.clock_moved,
            }

    # ── what the books say ─────────────────────────────────────────────────────────────────────────────────────

    def facts(self, kind: type[KindOfFact]) -> list[KindOfFact]:
        """All facts of a kind."""
        return list(self.watchmen.facts(kind))

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
        elif self.central.its_place_was_taken:
            self.restart()  # whoever took it is gone; a fenced program does not fight for its place
        for point in self.forecourt.pumps:
            self.forecourt.restore_power(point)
            self.forecourt.plug(point)
            self.forecourt.hang(point)
        self.run()
        self._rest(seconds * 1000)
        if self.central.poisoned:
            blocked = {i.key for i in self.store.waiting_items() if i.state in WAITING} - self.central.poisoned
            hold(not blocked, "L1", f"one bad record blocks others: {sorted(blocked)}")
            self.central.poisoned.clear()
            self.advance(180_000, step_ms=30_000)

    def _rest(self, ms: int) -> None:
        """Time passes in longer and longer steps; when nothing is owed or under way any more, the rest of it at once: a
        computer that slept has to find all in order too."""
        step_ms = FIRST_STEP_MS
        while ms > 0:
            step_ms = ms if self._quiet() else min(ms, step_ms)
            self.advance(step_ms, step_ms)
            ms -= step_ms
            step_ms = min(step_ms * 2, LONGEST_STEP_MS)

    def _quiet(self) -> bool:
        """Nobody waits for anything."""
        state = self.desk.state
        return (
            state.central.link is LinkState.UP
            and not self.desk.unwritten
            and not self.central.under_way
            and not any(item.state in WAITING for item in state.outbox.values())
            and all(redemption.is_final for redemption in state.redemptions.values())
        )

    def sell_everything(self) -> None:
        """The cashier collects all that is due: every litre must be sellable (I16)."""
        for _ in range(200):
            if self.desk.state.sale_in_hand() is None:
                self.tell(m.SelectOldest())
            if self.desk.state.sale_in_hand() is None:
                in_hand = [s for s in self.desk.state.sales.values() if s.paid_at is None]
                if not in_hand:
                    return
                self.select(in_hand[0].fuelling.point)
            sale = self.desk.state.sale_in_hand()
            if sale is None:
                raise Violation("I16", "a sale that cannot be brought to the counter")
            hold(sale.due_vnd > 0, "I13", "a sale with nothing due that is not paid")
            self.pay()
        raise Violation("L1", "sales that cannot be finished")

    def check_ledgers(self) -> None:
        """The three ledgers tell one story."""
        check(self.evidence())

    def authorising(self, command: DispenserCommand) -> None:
        """A command on its way down to a pump."""
        if isinstance(command, Authorise):
            self.watchmen.authorising(command, self._handling)

    def evidence(self) -> Evidence:
        """What everybody wrote down."""
        return gathered(self)


class _WatchedLine:
    """The way down to the pumps, with somebody looking."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig

    def restart_line(self, line: str) -> None:
        self._rig.restarted_lines.append(line)

    def send(self, command: DispenserCommand) -> None:
        self._rig.authorising(command)
        self._rig.forecourt.send(command)


INVARIANTS = ("I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I11", "I12", "I13", "I14", "I15", "L1")
"""The promises a history is checked for, by their numbers in the design; the others have tests of their own."""

__all__ = [
    "BLOCKED",
    "CANCEL",
    "CLEAR",
    "DRIVER_PIN",
    "INDIVIDUAL",
    "INVARIANTS",
    "OK",
    "ORGANISATION",
    "ORGANISATION_PIN",
    "PHONE",
    "POOR",
    "PRICES",
    "SETTINGS",
    "VOUCHER",
    "Crash",
    "NozzleId",
    "Rig",
]
