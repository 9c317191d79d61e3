"""Every state of the technician's page that a person should have looked at, by name: how to bring the page there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QLineEdit, QPushButton

from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.keypad import KeypadIdentity, KeypadKind, KeypadTrouble, udev_rule
from pos_client.domain.keypad_pairing import Candidate, PairingProgress, PairingStep
from pos_client.domain.port_finding import ProbeProgress, ProbeStep
from pos_client.services import snapshots as s
from pos_client.services.snapshots import PointTest, TerminalSnapshot
from pos_client.ui.technician.desk import Incoming
from pos_client.ui.technician.page import TechnicianPage
from pos_client.ui.technician.sides import Side
from tests.ui import sample as x
from tests.ui import workshop as w
from tests.ui.finding import found
from tests.ui.workshop import FakeWorkshop

LINES = (
    s.LineSnapshot("dart-1", LinkState.UP, "", "/dev/ttyUSB0", 412, 38, 2, 1),
    s.LineSnapshot("gilbarco-1", LinkState.DOWN, "identity_missing: usb:10c4:ea60:0001"),
)
SNAPSHOT = x.terminal(status=x.status(lines=LINES))
ASKING = ProbeProgress("/dev/ttyUSB1", ProbeStep.ASKING, 46, "dart 9600 8O1", (w.GUESS,))

Scene = Callable[[TechnicianPage, FakeWorkshop], None]


def _side(page: TechnicianPage, side: Side) -> None:
    page.show_snapshot(SNAPSHOT)
    page.open(side)


def _typed(page: TechnicianPage, place: str, text: str) -> None:
    field = page.form.field(place)
    assert field is not None
    assert isinstance(field.editor, QLineEdit)
    field.editor.setText(text)
    field.editor.textEdited.emit(text)


def _line(page: TechnicianPage, number: int, *folds: str) -> None:
    _side(page, Side.LINES)
    page.lines.open(number)
    for fold in folds:
        found(page.lines.form, QPushButton, f"fold-{fold}").click()


def _tested(page: TechnicianPage, test: PointTest) -> None:
    _line(page, 0)
    found(page.lines, QPushButton, "test-point").click()
    page.show_snapshot(_with(test))


def _with(test: PointTest) -> TerminalSnapshot:
    return replace(SNAPSHOT, point_test=test)


def _answered(page: TechnicianPage, _: FakeWorkshop) -> None:
    totals = ((NozzleId(1), 184_273_650), (NozzleId(2), 97_518_330))
    prices = ((NozzleId(1), 27_080), (NozzleId(2), 26_190))
    _tested(page, PointTest(PointId(1), x.NOW - 900, "done", FuellingPointState.IDLE, totals, prices, 412))


def _silent(page: TechnicianPage, _: FakeWorkshop) -> None:
    _tested(page, PointTest(PointId(1), x.NOW - 15_000, "no_answer"))


def _faults(page: TechnicianPage, _: FakeWorkshop) -> None:
    _line(page, 0)
    _typed(page, "lines[0].port", "")
    _typed(page, "lines[0].points[1].address", "12")
    _typed(page, "lines[0].points[1].nozzles", "DO, KEROSENE")
    page.draft.put("lines[0].options", "gap_ms=soon")
    page.save()


def _ports(page: TechnicianPage, workshop: FakeWorkshop, progress: ProbeProgress | None = None) -> None:
    workshop.ports = w.PORTS
    _side(page, Side.PORTS)
    page.ports.list_ports()
    if progress is not None:
        page.ports.examine(w.FREE)
        assert workshop.tell_probe is not None
        workshop.tell_probe(progress)


def _no_ports(page: TechnicianPage, workshop: FakeWorkshop) -> None:
    workshop.ports = ()
    _side(page, Side.PORTS)
    page.ports.list_ports()


def _probed(step: ProbeStep, percent: int, trying: str = "", *found: object, detail: str = "") -> Scene:
    progress = ProbeProgress("/dev/ttyUSB1", step, percent, trying, found, detail)  # type: ignore[arg-type]
    return lambda page, workshop: _ports(page, workshop, progress)


def _accepted(page: TechnicianPage, workshop: FakeWorkshop) -> None:
    _ports(page, workshop, ProbeProgress("/dev/ttyUSB1", ProbeStep.DONE, 100, "", (w.FOUND,)))
    found(page.ports, QPushButton, "accept-0").click()


def _draft_tested(page: TechnicianPage, workshop: FakeWorkshop) -> None:
    _accepted(page, workshop)
    found(page.lines, QPushButton, "test-draft").click()
    assert workshop.tell_probe is not None
    some = replace(w.FOUND, addresses=(80, 81, 82))
    workshop.tell_probe(ProbeProgress("/dev/ttyUSB1", ProbeStep.DONE, 100, "", (some,)))


def _wires(count: int, damaged_every: int = 0, *, text: str = "", press: str = "", choose: int | None = None) -> Scene:
    def scene(page: TechnicianPage, workshop: FakeWorkshop) -> None:
        del workshop
        _side(page, Side.MONITOR)
        monitor, table = page.monitor, page.monitor.table
        monitor.pause.setChecked(False)
        monitor.damaged.setChecked(False)
        monitor.text.clear()
        table.frames.add([])
        if count:
            monitor._waiting.extend(w.frames(count, damaged_every))
            monitor.draw()
        monitor.text.setText(text)
        if press:
            found(monitor, QPushButton, press).click()
        if press == "pause":
            monitor._waiting.extend(w.frames(45))
            monitor.draw()
        if choose is not None:
            table.move_by(choose - table.chosen_row)
            table.touched.emit(table.chosen)

    return scene


def _support(press: str = "", incoming: Incoming | None = None) -> Scene:
    def scene(page: TechnicianPage, workshop: FakeWorkshop) -> None:
        _side(page, Side.SUPPORT)
        if incoming is not None:
            workshop.incoming = incoming
        if press:
            found(page.support, QPushButton, press).click()

    return scene


def _would_change(page: TechnicianPage, workshop: FakeWorkshop) -> None:
    tree = page.draft.saved_tree()
    tree["station"]["terminal"] = "T2"
    tree["lines"][0]["points"][0]["address"] = 84
    tree["lines"][0]["baud_rate"] = 19200
    tree["grades"].append({"code": "E10-97", "name": "Xăng E10 97", "unit_price": 28_500, "earns": True})
    del tree["lines"][1]
    _support("look-into", Incoming("", tree))(page, workshop)


def _refused(page: TechnicianPage, workshop: FakeWorkshop) -> None:
    from pos_client.settings.validation import check

    tree = page.draft.saved_tree()
    tree["central"]["url"] = "ftp://nowhere"
    tree["lines"][0]["points"][0]["address"] = 12
    tree["lines"][0]["baud_rate"] = "fast"
    _support("look-into", Incoming("", None, check(tree).faults))(page, workshop)


def _settings(section: str) -> Scene:
    def scene(page: TechnicianPage, workshop: FakeWorkshop) -> None:
        del workshop
        _side(page, Side.SETTINGS)
        page.settings.open(section)

    return scene


def _devices(progress: PairingProgress | None = None) -> Scene:
    def scene(page: TechnicianPage, workshop: FakeWorkshop) -> None:
        _side(page, Side.DEVICES)
        if progress is not None:
            page.devices.pair()
            assert workshop.tell_pairing is not None
            workshop.tell_pairing(progress)

    return scene


CHERRY = Candidate(KeypadKind.USB, "usb:046a:0023@usb-0000:00:14.0-2", "Cherry Keypad")
KEYBOARD = Candidate(KeypadKind.USB, "usb:046d:c31c@usb-0000:00:14.0-1", "Logitech Keyboard K120")
PAD = Candidate(KeypadKind.SERIAL, "PAD0001", "/dev/ttyUSB1", "usb:0403:6001:A50285BI")
DENIED = Candidate(
    KeypadKind.USB,
    "usb:13ba:0017@usb-0000:00:14.0-3",
    "USB Keypad",
    trouble=KeypadTrouble.DENIED,
    help=udev_rule(KeypadIdentity(0x13BA, 0x0017)),
)
LISTENING = PairingProgress(PairingStep.LISTENING, (CHERRY, KEYBOARD, PAD, DENIED), None, 27_000)

TECHNICIAN: dict[str, Scene] = {
    "ports-none": _no_ports,
    "ports": _ports,
    "ports-listening": _probed(ProbeStep.LISTENING, 4),
    "ports-asking": _probed(ProbeStep.ASKING, 46, "dart 9600 8O1", w.GUESS),
    "ports-found": _probed(ProbeStep.DONE, 100, "", w.FOUND, w.GUESS),
    "ports-speed-unseen": _probed(ProbeStep.DONE, 100, "", w.FOUND, w.GUESS, detail="speed_unseen"),
    "ports-other-master": _probed(ProbeStep.DONE, 100, "", w.HEARD, detail="another_master"),
    "ports-silent": _probed(ProbeStep.DONE, 100, detail="silent"),
    "ports-failed": _probed(ProbeStep.FAILED, 100, detail="[Errno 16] Device or resource busy: '/dev/ttyUSB1'"),
    "ports-cancelled": _probed(ProbeStep.CANCELLED, 30),
    "lines": lambda page, _: _line(page, 0),
    "lines-down": lambda page, _: _line(page, 1),
    "lines-options": lambda page, _: _line(page, 0, "lines[0]", "lines[0].points[0]"),
    "lines-point-answers": _answered,
    "lines-point-silent": _silent,
    "lines-accepted": _accepted,
    "lines-draft-tested": _draft_tested,
    "lines-faults": _faults,
    "wires-none": _wires(0),
    "wires": _wires(600),
    "wires-damaged": _wires(600, 9),
    "wires-only-damaged": _wires(600, 9, press="only-damaged"),
    "wires-paused": _wires(600, press="pause"),
    "wires-frame": _wires(600, choose=583),
    "wires-filtered": _wires(600, text="đã bơm"),
    "wires-huge": _wires(60_000),
    "settings-grades": _settings("grades"),
    "settings-station": _settings("station"),
    "settings-central": _settings("central"),
    "devices": _devices(),
    "devices-listening": _devices(LISTENING),
    "devices-paired": _devices(PairingProgress(PairingStep.PAIRED, (CHERRY, KEYBOARD), CHERRY)),
    "devices-two": _devices(PairingProgress(PairingStep.TWO, (CHERRY, KEYBOARD))),
    "support": _support(),
    "support-checked": _support("check-up"),
    "support-bundle": _support("make-bundle"),
    "support-would-change": _would_change,
    "support-refused": _refused,
}
