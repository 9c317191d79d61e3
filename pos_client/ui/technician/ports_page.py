"""Ports: what is plugged in at the left, the doctor at the right. Add, wait, accept; the rest is the line's page."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.port_finding import KnownPort, PortUse, ProbeProgress, ProbeStep
from pos_client.ui import figures
from pos_client.ui.parts import shapes
from pos_client.ui.parts.painted import Painted
from pos_client.ui.parts.roles import give_role
from pos_client.ui.style import REGULAR, SEMIBOLD, Style
from pos_client.ui.technician.crossing import Crossing
from pos_client.ui.technician.desk import Workshop
from pos_client.ui.technician.draft import Draft
from pos_client.ui.technician.finding_card import FindingCard, Gauge
from pos_client.ui.technician.line_view import SHAPES
from pos_client.ui.technician.pieces import scroll_area
from pos_client.ui.technician.ports_view import RUNNING, PortView, ProbeView, accept, port_view, probe_view
from pos_client.ui.tone import Tone

TICK_MS = 500


class PortText(Painted[PortView]):
    """Device, state, what it is."""

    def __init__(self, style: Style, view: PortView, parent: QWidget | None = None) -> None:
        super().__init__(style, view, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"{view.about}\n{view.state}".strip())

    def sizeHint(self) -> QSize:
        """Three lines."""
        return QSize(200, self.look.px(68))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Sign and name, state, description."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sign, ink = look.px(16), look.tone(view.tone, "ink")
        shapes.draw(painter, QRectF(0, look.px(5), sign, sign), SHAPES[view.tone], ink)
        left = sign + look.px(8)
        room = QRectF(left, 0, self.width() - left, look.px(26))
        figures.line(painter, room, view.device, look.font("body", SEMIBOLD), look.colour("ink"))
        for text, colour in ((view.state, ink), (view.about, look.colour("soft"))):
            room = QRectF(left, room.bottom(), room.width(), look.px(20))
            figures.line(painter, room, text, look.font("small", REGULAR), colour)


class PortsPage(QWidget):
    """`accepted(number)`: a finding became the draft's line of that number."""

    accepted = Signal(int)

    def __init__(
        self, style: Style, words: Catalogue, draft: Draft, workshop: Workshop, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.look, self._words, self._draft, self._workshop = style, words, draft, workshop
        self._crossing = Crossing(self)
        self._ports: tuple[KnownPort, ...] | None = None
        self._port: KnownPort | None = None
        self._progress: ProbeProgress | None = None
        self._since = QElapsedTimer()
        self._drawn: ProbeView | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._show_probe)
        self._lay_out()
        self._show_ports()
        self._show_probe()

    def _lay_out(self) -> None:
        title = QLabel(self._words.say("tech.ports.title"), self)
        title.setProperty("role", "strong")
        self.look_again = QPushButton(self._words.say("tech.ports.look_again"), self)
        self.look_again.setObjectName("ports-again")
        self.look_again.clicked.connect(self.list_ports)
        head = QHBoxLayout()
        self.look.lay(head, "near", ("none", "none", "apart", "none"))
        head.addWidget(title, 1)
        head.addWidget(self.look_again)
        self._list = scroll_area(self.look, self)
        self.address = QLineEdit(self)
        self.address.setObjectName("port-address")
        self.address.setPlaceholderText(self._words.say("tech.ports.address"))
        self.address.setAccessibleName(self._words.say("tech.ports.address"))
        self.address.returnPressed.connect(self._examine_address)
        add = QPushButton(self._words.say("tech.ports.add"), self)
        add.setObjectName("add-address")
        add.clicked.connect(self._examine_address)
        other = QHBoxLayout()
        self.look.lay(other, "near", ("none", "none", "apart", "none"))
        other.addWidget(self.address, 1)
        other.addWidget(add)
        left = QVBoxLayout()
        self.look.lay(left, "near")
        left.addLayout(head)
        left.addWidget(self._list, 1)
        left.addLayout(other)
        row = QHBoxLayout(self)
        self.look.lay(row, "apart", "none")
        row.addLayout(left, 44)
        row.addWidget(self._doctor(), 56)

    def _doctor(self) -> QFrame:
        right = QVBoxLayout()
        self.look.lay(right, "near", ("wide", "apart"))
        self.title, self.step, self.remark = QLabel(self), QLabel(self), QLabel(self)
        self.title.setProperty("role", "title")
        self.step.setObjectName("probe-step")
        self.remark.setObjectName("probe-remark")
        self.gauge = Gauge(self.look, self)
        self.cancel_key = QPushButton(self._words.say("tech.ports.cancel"), self)
        self.cancel_key.setObjectName("probe-cancel")
        self.cancel_key.clicked.connect(self._workshop.cancel)
        for label in (self.title, self.step, self.remark):
            label.setWordWrap(True)
        progress = QHBoxLayout()
        self.look.lay(progress, "apart")
        progress.addWidget(self.gauge, 1)
        progress.addWidget(self.cancel_key)
        self._findings = scroll_area(self.look, self, "panel")
        for widget in (self.title, self.step):
            right.addWidget(widget)
        right.addLayout(progress)
        right.addWidget(self.remark)
        right.addWidget(self._findings, 1)
        panel = QFrame(self)
        panel.setProperty("panel", True)
        panel.setLayout(right)
        return panel

    # ── the list ───────────────────────────────────────────────────────────────────────────────────────────────────

    def showEvent(self, event: QShowEvent) -> None:
        """Look at what is plugged in."""
        super().showEvent(event)
        if not self._is_running():
            self.list_ports()

    def list_ports(self) -> None:
        """Ask anew; the old list stands until the answer comes."""
        self._workshop.list_ports(self._crossing.asks("ports", self._listed))

    def _listed(self, ports: tuple[KnownPort, ...]) -> None:
        if ports != self._ports:
            self._ports = ports
            self._show_ports()

    def _show_ports(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        self.look.lay(column, "near", ("none", "none", "apart", "none"))
        if not self._ports:
            empty = QLabel(self._words.say("tech.ports.looking" if self._ports is None else "tech.ports.none"), body)
            empty.setProperty("role", "soft")
            empty.setObjectName("ports-empty")
            empty.setWordWrap(True)
            column.addWidget(empty)
        for number, port in enumerate(self._ports or ()):
            column.addWidget(self._card(number, port))
        column.addStretch(1)
        self._list.setWidget(body)

    def _card(self, number: int, port: KnownPort) -> QFrame:
        view = port_view(self._words, port)
        card = QFrame()
        card.setProperty("panel", True)
        card.setAccessibleName(f"{view.device}: {view.state}")
        row = QHBoxLayout(card)
        self.look.lay(row, "near", "apart")
        row.addWidget(PortText(self.look, view, card), 1)
        if view.action:
            add = QPushButton(view.action, card)
            add.setObjectName(f"add-port-{number}")
            add.clicked.connect(lambda: self.examine(port))
            row.addWidget(add)
        return card

    # ── the doctor ─────────────────────────────────────────────────────────────────────────────────────────────────

    def examine(self, port: KnownPort) -> None:
        """Let the doctor look; he listens first."""
        self._port = port
        self._progress = ProbeProgress(port.device, ProbeStep.OPENING)
        self._since.start()
        self._timer.start()
        self._workshop.examine(port.device, None, self._crossing.asks("probe", self._told))
        self._show_probe()

    def _examine_address(self) -> None:
        """A converter in the network, or a device no list shows."""
        if address := self.address.text().strip():
            self.examine(KnownPort(address, "", "", (), PortUse.FREE))

    def _told(self, progress: ProbeProgress) -> None:
        self._progress = progress
        if not self._is_running():
            self._timer.stop()
        self._show_probe()

    def _is_running(self) -> bool:
        return self._progress is not None and self._progress.step in RUNNING

    def _show_probe(self) -> None:
        elapsed = self._since.elapsed() if self._since.isValid() else 0
        if self._progress is None:
            view = ProbeView(
                self._words.say("tech.ports.how"), "", Tone.NEUTRAL, remark=self._words.say("tech.ports.how_far")
            )
        else:
            view = probe_view(self._words, self._progress, elapsed)
        before, self._drawn = self._drawn, view
        self.title.setText(view.title)
        self.step.setText(view.step)
        self.step.setVisible(bool(view.step))
        give_role(self.step, f"tone-{view.tone.value}")
        self.remark.setText(view.remark)
        self.remark.setVisible(bool(view.remark))
        self.gauge.setVisible(view.percent is not None)
        self.cancel_key.setVisible(view.percent is not None)
        self.gauge.show_view((view.percent or 0, view.tone))
        if before is None or before.findings != view.findings:
            self._show_findings(view)

    def _show_findings(self, view: ProbeView) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        self.look.lay(column, "near", ("none", "none", "apart", "none"))
        for number, each in enumerate(view.findings):
            card = FindingCard(self.look, each, number, body)
            card.accepted.connect(lambda number=number: self._accept(number))
            column.addWidget(card)
        column.addStretch(1)
        self._findings.setWidget(body)

    def _accept(self, number: int) -> None:
        """Into the draft; what is still being tried is ended: it is known enough."""
        if self._progress is None or self._port is None:
            return
        if self._is_running():
            self._workshop.cancel()
        finding = self._progress.findings[number]
        self.accepted.emit(accept(self._draft, finding, self._port.device, self._port.identity))
