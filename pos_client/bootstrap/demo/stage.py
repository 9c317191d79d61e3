"""A stage for scenarios: the real terminal with its real windows, the sandbox's switches, and a pair of hands.

Hands press real keys on the cashier window and real buttons on the customer's keypad; drivers lift real (simulated)
nozzles at the far end of the wire. What a scenario waits for, it reads off the snapshot the screens show.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos_client.adapters.peripherals.keypad_input import KeypadDevices
from pos_client.bootstrap.demo.sandbox_process import Addresses, Control, Pumps
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.terminal_system import AroundStore, as_it_is
from pos_client.bootstrap.windowed import Windowed
from pos_client.domain.fuelling_point import DELIVERING, FuellingPointState, LinkState
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import PointSnapshot, TerminalSnapshot
from pos_client.settings.model import Settings

PATIENCE_S = 20.0
LOOK_MS = 10

Seen = Callable[[TerminalSnapshot], bool]


class ScenarioFailed(AssertionError):
    """What should have happened did not happen in time."""


class Stage:
    """One terminal at one site on one sandbox, with hands."""

    def __init__(self, app: QApplication, addresses: Addresses, settings: Settings, site: Site) -> None:
        self._app = app
        self.settings = settings
        self.site = site
        self.central = Control(addresses.central["control"])
        self.portal = addresses.portal
        self.pumps = Pumps(addresses)
        self.steps: list[str] = []
        self.pictures: Path | None = None
        self.around_store: AroundStore = as_it_is
        self.keypads: KeypadDevices | None = None
        self.terminal: Windowed | None = None
        self._scenario = ""

    # ── the terminal ───────────────────────────────────────────────────────────────────────────────────────────

    def open_terminal(self, all_pumps: bool = True) -> None:
        """Start the program at this site and wait until it is ready to sell, at all its pumps unless told otherwise."""
        self.terminal = Windowed(self._app, self.settings, self.site, self.around_store, self.keypads)
        self.terminal.start()
        self.terminal.show()
        if not all_pumps:
            return
        everything_up = len(self.settings.forecourt().points)
        self.until(lambda s: s.ready and s.status.points_up == everything_up, "all pumps answer")
        self.until(lambda s: all(p.state is not FuellingPointState.INOPERATIVE for p in s.points), "pumps have prices")
        self.until(lambda s: all(p.metered for p in s.points), "all totalizers are read")

    def close_terminal(self) -> None:
        """End the program in good order."""
        if self.terminal is not None:
            self.terminal.stop()
            self.terminal = None

    def close(self) -> None:
        """Leave the stage."""
        self.close_terminal()
        self.central.close()
        self.pumps.close()

    @property
    def seen(self) -> TerminalSnapshot:
        """What the screens show now."""
        assert self.terminal is not None
        assert self.terminal.snapshot is not None
        return self.terminal.snapshot

    def until(self, seen: Seen, what: str, seconds: float = PATIENCE_S) -> TerminalSnapshot:
        """Let the program run until the screens show something. Raises `ScenarioFailed` when they never do."""
        deadline = time.monotonic() + seconds
        while True:
            snapshot = self.terminal.snapshot if self.terminal else None
            if snapshot is not None and seen(snapshot):
                return snapshot
            if self.terminal is not None and self.terminal.fault is not None:
                raise ScenarioFailed(f"the terminal died: {self.terminal.fault!r}") from self.terminal.fault
            if time.monotonic() > deadline:
                raise ScenarioFailed(f"never seen: {what}; last: {_short(snapshot)}")
            self._breathe()

    def until_true(self, condition: Callable[[], bool], what: str, seconds: float = PATIENCE_S) -> None:
        """Let the program run until something outside is so."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise ScenarioFailed(f"never so: {what}")
            self._breathe()

    def settled(self) -> TerminalSnapshot:
        """Nothing waits for central any more."""
        return self.until(
            lambda s: s.status.queue.waiting == 0 and s.status.central is LinkState.UP, "the queue is empty", 40.0
        )

    # ── hands ──────────────────────────────────────────────────────────────────────────────────────────────────

    def step(self, text: str) -> None:
        """Note for the report."""
        self.steps.append(text)

    def key(self, key: Qt.Key) -> None:
        """Press a key at the cashier's keyboard."""
        assert self.terminal is not None
        QTest.keyClick(self.terminal.windows.cashier, key)
        self._breathe()

    def type_customer(self, text: str) -> None:
        """F2, the customer's ID, phone or voucher, Enter."""
        assert self.terminal is not None
        self.key(Qt.Key.Key_F2)
        self._into_field("identify-field", text)

    def pay_part(self, tender: Qt.Key, amount_vnd: int) -> None:
        """F4, an amount, then the tender key: only that much is taken."""
        from PySide6.QtWidgets import QLineEdit

        assert self.terminal is not None
        self.key(Qt.Key.Key_F4)
        field = self.terminal.windows.cashier.findChild(QLineEdit, "part-field")
        assert field is not None
        QTest.keyClicks(field, str(amount_vnd))
        self.key(tender)

    def preset(self, amount_vnd: int) -> None:
        """F3, an amount, Enter; Enter again: for the pump that has been calling longest."""
        self.key(Qt.Key.Key_F3)
        self._into_field("preset-field", str(amount_vnd))
        self.key(Qt.Key.Key_Return)

    def more(self, letter: Qt.Key) -> None:
        """F12, then the letter of what is done a few times a shift."""
        self.key(Qt.Key.Key_F12)
        self.key(letter)

    def name_cashier(self, name: str) -> None:
        """Who opens the shift (plain letters: hands type what stands on their keys), Enter."""
        self._into_field("cashier-field", name)

    def count_cash(self, amount_vnd: int) -> None:
        """What lies in the drawer, Enter."""
        self._into_field("cash-field", str(amount_vnd))

    def type_amount(self, text: str) -> None:
        """Digits into the amount field that is open, Enter."""
        self._into_field("amount-field", text)

    def _into_field(self, name: str, text: str) -> None:
        from PySide6.QtWidgets import QWidget

        assert self.terminal is not None
        field = self.terminal.windows.cashier.findChild(QWidget, name)
        assert field is not None
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        self._breathe()

    def keypad(self, digits: str, end: KeypadKey | None = KeypadKey.OK) -> None:
        """Press buttons on the customer's keypad, one after the other, then OK."""
        for digit in digits:
            self._touch(int(digit))
        if end is not None:
            self._touch(end)

    def _touch(self, key: int | KeypadKey) -> None:
        assert self.terminal is not None
        keypad = self.terminal.windows.customer.keypad
        centre: QPoint = keypad.key_rect(key).center().toPoint()
        QTest.mouseClick(keypad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, centre)
        self._breathe()

    def picture(self, name: str) -> None:
        """Photograph both windows."""
        if self.pictures is None or self.terminal is None:
            return
        self._breathe()
        self._breathe()
        windows = self.terminal.windows
        for who, window in (("cashier", windows.cashier), ("customer", windows.customer)):
            window.grab().save(str(self.pictures / f"{self._scenario}-{name}-{who}.png"))

    @contextmanager
    def scenario(self, name: str) -> Iterator[None]:
        """Everything inside belongs to one scenario (names of pictures)."""
        self._scenario = name
        yield

    # ── the far ends ───────────────────────────────────────────────────────────────────────────────────────────

    def point(self, number: int) -> PointSnapshot:
        """A tile."""
        return next(p for p in self.seen.points if p.point == number)

    def pump(self, number: int) -> dict[str, Any]:
        """The simulated pump's own view."""
        return next(p for p in self.pumps.all() if p["point"] == number)

    def lift(self, point: int, nozzle: int = 1) -> None:
        """A driver lifts a nozzle."""
        self.pumps.do(point, "lift", nozzle=nozzle)

    def flow(self, point: int, **how_much: int) -> None:
        """He squeezes: `amount_vnd`, `volume_ml`."""
        before = self.pump(point)["volume_ml"]
        self.pumps.do(point, "flow", **how_much)
        self.until_true(lambda: not self._flowing(point, before), f"pump {point} has delivered")

    def hang(self, point: int) -> None:
        """He hangs up."""
        self.pumps.do(point, "hang")

    def fuel(self, point: int, amount_vnd: int, nozzle: int = 1) -> None:
        """A whole fuelling: lift, the cashier permits it up to the amount, flow, hang up; it waits for payment."""
        already = len(self.point(point).unpaid)
        self.lift(point, nozzle)
        self.until(lambda s: self.point(point).state is FuellingPointState.CALLING, f"pump {point} calls")
        self.preset(amount_vnd)
        self.until(lambda s: self.point(point).state in DELIVERING, f"pump {point} may deliver")
        self.flow(point, amount_vnd=amount_vnd)
        self.hang(point)
        self.until(lambda s: len(self.point(point).unpaid) > already, f"pump {point}'s fuelling waits for payment")
        self.step(f"pump {point} nozzle {nozzle}: {amount_vnd} đ dispensed")

    def read_sms(self, after: int = 0) -> str:
        """The code of the newest message to the customer, once there are more than `after`."""
        self.until_true(lambda: len(self.central.get("/control/sms")) > after, "a message reaches the phone")
        code: str = self.central.get("/control/sms")[-1]["code"]
        return code

    def cut_network(self) -> None:
        """Central can no longer be reached."""
        self.central.post("/control/faults", name="down", times=0)
        self.step("network cut")

    def restore_network(self) -> None:
        """Central can be reached again."""
        self.central.delete("/control/faults")
        self.step("network back")

    def _flowing(self, point: int, before: int) -> bool:
        now = self.pump(point)
        return now["volume_ml"] == before or bool(now.get("flowing"))

    def _breathe(self) -> None:
        """Let windows and threads work for a moment."""
        loop = QEventLoop()
        QTimer.singleShot(LOOK_MS, loop.quit)
        loop.exec()


def _short(snapshot: TerminalSnapshot | None) -> str:
    if snapshot is None:
        return "no snapshot"
    panel = snapshot.points_panel.phase.value if snapshot.points_panel else "-"
    notice = snapshot.notice.code if snapshot.notice else "-"
    points = ", ".join(f"{p.point}:{p.state.value}/{p.link.value}/{len(p.unpaid)}" for p in snapshot.points)
    queue = snapshot.status.queue
    return (
        f"points [{points}] sale {snapshot.sale.due_vnd if snapshot.sale else '-'} panel {panel} notice {notice} "
        f"dialogue {snapshot.dialogue.state.value} central {snapshot.status.central.value} "
        f"queue {queue.waiting}/{queue.in_doubt}/{queue.parked}"
    )
