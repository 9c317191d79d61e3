"""A counter to be unkind at: the real terminal with its real windows, a sandbox, and its ledgers as they were.

One counter serves many cases; after each of them everybody has paid and left, and the three ledgers are equal.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pos_client.adapters.diagnostics.log_setup import set_up_logging
from pos_client.bootstrap import loading
from pos_client.bootstrap.demo.demo_site import enrolled_settings, make_folder
from pos_client.bootstrap.demo.headless import gather
from pos_client.bootstrap.demo.ledgers import differences
from pos_client.bootstrap.demo.sandbox_process import SandboxProcess
from pos_client.bootstrap.demo.stage import Stage
from pos_client.bootstrap.paths import resources
from pos_client.domain.fuelling_point import LinkState
from pos_client.services.messages import KeypadKey
from pos_client.services.notices import Said, say
from pos_client.services.snapshots import CustomerState, DialogueState, Notice, PointsPhase, TerminalSnapshot
from pos_client.ui.application import create_application

Key = Qt.Key
INDIVIDUAL, PHONE = "000100001", "0912000001"
WAITING, BLOCKED = "000100002", "000100003"
ORGANISATION, DIESEL_VOUCHER = "000200001", "P-00232"
WORDS = {language: loading.catalogue(resources(), language) for language in loading.LANGUAGES}


class Counter:
    """Hands that do wrong, and eyes that read what is said about it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.secrets: set[str] = set()
        """every code and PIN anybody typed"""
        self._before = stage.pumps.all(), stage.central.get("/control/ledger")

    @property
    def seen(self) -> TerminalSnapshot:
        return self.stage.seen

    # ── eyes ───────────────────────────────────────────────────────────────────────────────────────────────────

    def told(self, code: str) -> Notice:
        """The cashier's message bar says this, in words on the widget itself."""
        snapshot = self.stage.until(lambda s: s.notice is not None and s.notice.code == code, f"the bar says {code}")
        assert snapshot.notice is not None
        spoken = in_words(snapshot.notice)[self.stage.settings.screen.language]
        bar = self.widget("message-bar")
        self.stage.until_true(lambda: spoken.what in bar.accessibleName(), f"{code} is drawn")
        return snapshot.notice

    def refused(self, code: str) -> Notice:
        """The points panel, and so the customer's screen, refuses with this."""
        snapshot = self.stage.until(lambda s: phase_of(s) is PointsPhase.REFUSED, f"refused: {code}", 40.0)
        return self._reason(snapshot, code)

    def asked_again(self, code: str) -> Notice:
        """The customer is told this, and asked for his code again."""
        snapshot = self.stage.until(
            lambda s: (
                phase_of(s) is PointsPhase.WAITING_SECRET
                and s.dialogue.notice is not None
                and s.dialogue.notice.code == code
            ),
            f"asked again: {code}",
        )
        assert snapshot.dialogue.notice is not None
        in_words(snapshot.dialogue.notice)
        return snapshot.dialogue.notice

    def customer_told(self, code: str) -> None:
        """The customer's own screen says this."""
        snapshot = self.stage.until(
            lambda s: s.dialogue.notice is not None and s.dialogue.notice.code == code, f"the customer reads {code}"
        )
        assert snapshot.dialogue.notice is not None
        in_words(snapshot.dialogue.notice)

    def _reason(self, snapshot: TerminalSnapshot, code: str) -> Notice:
        panel = snapshot.points_panel
        assert panel is not None
        assert panel.reason is not None
        assert panel.reason.code == code
        assert snapshot.dialogue.state is DialogueState.REFUSED
        in_words(panel.reason)
        return panel.reason

    def widget(self, name: str) -> QWidget:
        """A widget of the cashier's window."""
        assert self.stage.terminal is not None
        widget = self.stage.terminal.windows.cashier.findChild(QWidget, name)
        assert widget is not None
        return widget

    # ── hands ──────────────────────────────────────────────────────────────────────────────────────────────────

    def open_sale(self, point: int = 1, amount_vnd: int = 20_000) -> None:
        """Somebody has fuelled and stands at the counter."""
        self.stage.fuel(point, amount_vnd)
        self.stage.key(Qt.Key(Key.Key_0 + point))
        self.stage.until(lambda s: s.sale is not None, "the sale is open")

    def known(self, identifier: str = INDIVIDUAL) -> None:
        self.stage.type_customer(identifier)
        self.stage.until(lambda s: s.customer is not None and s.customer.state is CustomerState.KNOWN, identifier)

    def use_points(self) -> None:
        """F6 until the customer is asked for his secret."""
        self.stage.key(Key.Key_F6)
        self.stage.until(lambda s: phase_of(s) is PointsPhase.WAITING_SECRET, "the secret is asked for", 40.0)

    def code(self) -> str:
        """The customer's newest text message."""
        code: str = self.stage.central.get("/control/sms")[-1]["code"]
        return code

    def type_secret(self, digits: str, end: KeypadKey | None = KeypadKey.OK) -> None:
        self.secrets.add(digits)
        self.stage.keypad(digits, end)

    def scan(self, text: str) -> None:
        """A burst of keys and Enter, as a scanner types."""
        assert self.stage.terminal is not None
        QTest.keyClicks(self.stage.terminal.windows.cashier, text)
        self.stage.key(Key.Key_Return)

    def fault(self, name: str, match: str = "", times: int = 0, seconds: int = 20) -> None:
        """Something is wrong between here and central."""
        self.stage.central.post("/control/faults", name=name, match=match, times=times, seconds=seconds)

    # ── the end of a case ──────────────────────────────────────────────────────────────────────────────────────

    def close_case(self) -> None:
        """All faults end, everybody pays in cash and leaves; nothing was lost, nothing counted twice."""
        stage = self.stage
        stage.central.delete("/control/faults")
        stage.pumps.no_faults()
        stage.central.post("/control/clock", offset_s=0)
        for subject in (f"account:{INDIVIDUAL}", f"account:{ORGANISATION}"):
            stage.central.post("/control/unlock", subject=subject)
        stage.until(lambda s: s.status.central is LinkState.UP and s.status.store_ok, "all is well again", 40.0)
        for _ in range(3):
            stage.key(Key.Key_Escape)
        stage.until(lambda s: s.points_panel is None or phase_of(s) is PointsPhase.OFFER, "no points under way")
        while self._owing():
            if stage.seen.sale is None:
                stage.key(Key.Key_Space)
                stage.until(lambda s: s.sale is not None, "a sale is open")
            sale = stage.seen.sale
            assert sale is not None
            stage.key(Key.Key_F9)
            self._paid(sale.sale_id)
        stage.key(Key.Key_Delete)
        stage.key(Key.Key_Return)
        stage.settled()
        assert self.differences() == []

    def _paid(self, sale_id: str) -> None:
        self.stage.until(lambda s: s.sale is None or s.sale.sale_id != sale_id, "it is paid")

    def tries_left(self, left: int) -> None:
        """A try was counted."""
        self.stage.until(
            lambda s: s.points_panel is not None and s.points_panel.attempts_left == left, f"{left} tries left"
        )

    def held(self, points: int) -> None:
        """So many points are held, and the secret is asked for."""
        self.stage.until(
            lambda s: (
                phase_of(s) is PointsPhase.WAITING_SECRET
                and s.points_panel is not None
                and s.points_panel.points == points
            ),
            f"{points} are held",
        )

    def _owing(self) -> bool:
        return self.seen.sale is not None or any(point.unpaid for point in self.seen.points)

    def differences(self) -> list[str]:
        return differences(gather(self.stage, *self._before))


@contextmanager
def open_counter(
    folder: Path, change: Callable[[Stage], None] = lambda stage: None, *, ready: bool = True
) -> Iterator[Counter]:
    """A counter on a sandbox of its own, impatient so that tests are quick; its log must hold no traceback."""
    app = QApplication.instance() or create_application([], resources(), "day")
    assert isinstance(app, QApplication)
    site = make_folder(folder, "till")
    level = logging.getLogger().level
    handler = set_up_logging(site.logs)
    sandbox = SandboxProcess(["--seed", "7", "--speed", "20", "--db", f"sqlite:///{folder / 'central.db'}"])
    try:
        settings = enrolled_settings(sandbox.addresses, site, "vi")
        impatient = replace(settings.central, connect_timeout_ms=500, read_timeout_ms=800, operation_timeout_ms=2_000)
        stage = Stage(app, sandbox.addresses, replace(settings, central=impatient), site)
        change(stage)
        counter = Counter(stage)
        try:
            stage.open_terminal(ready)
            yield counter
        finally:
            stage.close()
    finally:
        sandbox.stop()
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(level)
        handler.close()
    log = "".join(path.read_text("utf-8") for path in site.logs.glob("pos-client.log*"))
    assert "Traceback" not in log


def in_words(notice: Notice) -> dict[str, Said]:
    """A notice's three parts in both languages; fails for a gap, an unfilled place, or a bare code."""
    spoken = {language: say(notice, words) for language, words in WORDS.items()}
    for said in spoken.values():
        assert all((said.what, said.means, said.key))
        assert not any(mark in " ".join((said.what, said.means, said.key)) for mark in ("{", "}", "_"))
    assert spoken["vi"] != spoken["en"]
    return spoken


def phase_of(snapshot: TerminalSnapshot) -> PointsPhase | None:
    return snapshot.points_panel.phase if snapshot.points_panel is not None else None
