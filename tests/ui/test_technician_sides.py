"""Ports, lines, wires and support under the finger: taps counted, states said, nothing lost, nothing that stalls."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.port_finding import ProbeProgress, ProbeStep
from pos_client.domain.wire import WireFrame
from pos_client.services import messages as m
from pos_client.services.snapshots import PointTest
from pos_client.settings.model import LineSettings
from pos_client.settings.validation import check
from pos_client.ui.technician.desk import Incoming
from pos_client.ui.technician.frame_table import KEPT, SLACK
from pos_client.ui.technician.page import TechnicianPage
from pos_client.ui.technician.sides import Side
from tests.ui import sample as x
from tests.ui import workshop as w
from tests.ui.conftest import Till
from tests.ui.finding import fill_in, found
from tests.ui.technician_gallery import LINES

LEFT = Qt.MouseButton.LeftButton
SNAPSHOT = x.terminal(status=x.status(lines=LINES))


@pytest.fixture
def page(till: Till) -> TechnicianPage:
    till.show(SNAPSHOT)
    QTest.keyClick(till.cashier, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    return found(till.cashier, TechnicianPage)


class Finger:
    """Taps that are counted."""

    def __init__(self, page: TechnicianPage) -> None:
        self.page, self.taps = page, 0

    def tap(self, name: str, inside: QWidget | None = None) -> None:
        key = found(inside or self.page, QPushButton, name)
        assert key.isVisible(), name
        assert key.isEnabled(), name
        QTest.mouseClick(key, LEFT)
        self.taps += 1


def _probe(till: Till, progress: ProbeProgress) -> None:
    assert till.workshop.tell_probe is not None
    till.workshop.tell_probe(progress)


def _done(*findings: object, detail: str = "") -> ProbeProgress:
    return ProbeProgress(w.FREE.device, ProbeStep.DONE, 100, "", findings, detail)  # type: ignore[arg-type]


# ── ports ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_from_a_new_port_to_a_saved_line_takes_five_taps_and_the_grade_of_each_nozzle(
    page: TechnicianPage, till: Till
) -> None:
    finger = Finger(page)
    finger.tap("side-ports")
    finger.tap("add-port-1")
    _probe(till, ProbeProgress(w.FREE.device, ProbeStep.LISTENING, 3))
    _probe(till, _done(w.FOUND, w.GUESS))
    finger.tap("accept-0")
    for number in range(4):
        fill_in(page, f"lines[2].points[{number}].nozzles", "E10-95")
    finger.tap("test-draft")
    port, line = till.workshop.examined[-1]
    assert isinstance(line, LineSettings)
    assert (port, [p.address for p in line.points]) == (w.FREE.identity, [80, 81, 82, 83])
    _probe(till, _done(w.FOUND))
    assert found(page.lines, QLabel, "test-outcome").text().count("): trả lời") == 4
    finger.tap("technician-save")
    assert finger.taps == 5
    (tree,) = till.workshop.saved
    settings = check(tree).settings
    assert settings is not None
    new = settings.lines[-1]
    assert (new.name, new.protocol, new.baud_rate, new.parity) == ("dart-2", "dart", 9600, "O")
    assert (new.port, new.identity) == (w.FREE.device, w.FREE.identity)
    assert [p.point for p in new.points] == [3, 4, 6, 7]
    assert settings.lines[:2] == check(x_tree()).settings.lines  # type: ignore[union-attr]


def x_tree() -> dict[str, object]:
    from tests.ui.pictures import SETTINGS_TREE

    return SETTINGS_TREE


def test_a_port_that_has_a_line_already_keeps_its_name_and_points(page: TechnicianPage, till: Till) -> None:
    page.open(Side.PORTS)
    page.ports.examine(replace(w.FREE, device="/dev/ttyUSB0", identity=""))
    _probe(till, _done(replace(w.FOUND, addresses=(80, 82))))
    Finger(page).tap("accept-0")
    assert page.draft.count("lines") == 2
    points = [
        (page.draft.get(f"lines[0].points[{n}].point"), page.draft.get(f"lines[0].points[{n}].address")) for n in (0, 1)
    ]
    assert points == [(1, 80), (3, 82)]
    assert page.draft.get("lines[0].name") == "dart-1"


def test_where_another_master_speaks_nothing_can_be_accepted(page: TechnicianPage, till: Till) -> None:
    page.open(Side.PORTS)
    page.ports.examine(w.FREE)
    _probe(till, _done(w.HEARD, detail="another_master"))
    assert page.ports.findChild(QPushButton, "accept-0") is None
    assert "không được gửi gì" in page.ports.step.text()
    assert "Tắt máy kia" in page.ports.remark.text()


def test_progress_is_told_in_steps_percent_and_seconds_and_can_be_cancelled(page: TechnicianPage, till: Till) -> None:
    page.open(Side.PORTS)
    page.ports.examine(w.FREE)
    _probe(till, ProbeProgress(w.FREE.device, ProbeStep.ASKING, 46, "dart 9600 8O1"))
    said = page.ports.step.text()
    assert "không đổi gì ở trụ bơm" in said
    assert "dart 9600 8O1 · 46 % · 0 giây" in said
    Finger(page).tap("probe-cancel")
    assert till.workshop.asked[-1] == "cancel"
    assert page.ports.step.text() == "Đã dừng"
    assert not page.ports.cancel_key.isVisible()


@pytest.mark.parametrize(
    ("detail", "advice"),
    [
        ("[Errno 13] Permission denied: '/dev/ttyS0'", "gọi hỗ trợ"),
        ("[Errno 16] Device or resource busy", "đóng chương trình"),
        ("[Errno 2] No such file or directory", "kiểm tra cáp"),
    ],
)
def test_a_port_that_fails_says_what_to_do(page: TechnicianPage, till: Till, detail: str, advice: str) -> None:
    page.open(Side.PORTS)
    page.ports.examine(w.FREE)
    _probe(till, ProbeProgress(w.FREE.device, ProbeStep.FAILED, 100, detail=detail))
    assert detail in page.ports.remark.text()
    assert advice in page.ports.remark.text()


def test_ports_say_whose_they_are_and_an_empty_machine_what_to_plug_in(page: TechnicianPage, till: Till) -> None:
    page.open(Side.PORTS)
    names = {child.accessibleName() for child in page.ports.findChildren(QWidget)}
    assert "/dev/ttyUSB0: Đường dây dart-1 đang dùng" in names
    assert page.ports.findChild(QPushButton, "add-port-0") is None
    till.workshop.ports = ()
    Finger(page).tap("ports-again")
    assert "Cắm bộ chuyển đổi" in found(page.ports, QLabel, "ports-empty").text()


def test_a_late_answer_of_an_earlier_examination_is_not_shown(page: TechnicianPage, till: Till) -> None:
    page.open(Side.PORTS)
    page.ports.examine(w.FREE)
    late = till.workshop.tell_probe
    page.ports.examine(replace(w.FREE, device="/dev/ttyUSB9"))
    assert late is not None
    late(_done(w.FOUND))
    assert page.ports.findChild(QPushButton, "accept-0") is None
    assert page.ports.title.text() == "Cổng /dev/ttyUSB9"


# ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _editor(page: TechnicianPage, place: str) -> QWidget:
    field = page.form.field(place)
    assert field is not None, place
    return field.editor


def _choose(page: TechnicianPage, place: str, label: str) -> None:
    combo = _editor(page, place)
    assert isinstance(combo, QComboBox)
    index = combo.findText(label)
    assert index >= 0, label
    combo.setCurrentIndex(index)
    combo.activated.emit(index)
    QApplication.processEvents()


def test_another_protocol_brings_its_own_options_and_defaults_and_the_old_ones_come_back(page: TechnicianPage) -> None:
    Finger(page).tap("fold-lines[0]", page.lines.form)
    _choose(page, "lines[0].options.no_limit", "999 lít")
    assert page.draft.get("lines[0].options") == "no_limit=volume"
    _choose(page, "lines[0].protocol", "Gilbarco Two-Wire")
    assert page.form.field("lines[0].options.no_limit") is None
    assert page.form.field("lines[0].options.stop_all") is not None
    assert (page.draft.get("lines[0].baud_rate"), page.draft.get("lines[0].parity")) == (5787, "E")
    assert page.draft.get("lines[0].options") == ""
    _choose(page, "lines[0].protocol", "DART")
    assert page.draft.get("lines[0].options") == "no_limit=volume"
    assert (page.draft.get("lines[0].baud_rate"), page.draft.get("lines[0].parity")) == (9600, "O")


def test_a_protocol_option_at_its_default_is_not_written_and_a_wrong_one_is_marked_where_it_stands(
    page: TechnicianPage, till: Till
) -> None:
    Finger(page).tap("fold-lines[0]", page.lines.form)
    gap = _editor(page, "lines[0].options.gap_ms")
    assert isinstance(gap, QLineEdit)
    default = gap.text()
    for typed in ("1 2", "12"):
        gap.setText(typed)
        gap.textEdited.emit(typed)
    assert page.draft.get("lines[0].options") == "gap_ms=12"
    gap.setText(default)
    gap.textEdited.emit(default)
    assert page.draft.get("lines[0].options") == ""
    gap.setText("soon enough")
    gap.textEdited.emit("soon enough")
    _choose(page, "lines[0].options.no_limit", "999 lít")
    page.save()
    assert till.workshop.saved == []
    field = page.form.field("lines[0].options.gap_ms")
    assert field is not None
    assert field.editor.property("fault") is True
    assert isinstance(field.editor, QLineEdit)
    assert field.editor.text() == "soon_enough"


def test_a_fault_in_folded_options_unfolds_them(page: TechnicianPage) -> None:
    page.draft.put("lines[1].answer_timeout_ms", 1)
    page.save()
    field = page.form.field("lines[1].answer_timeout_ms")
    assert field is not None
    assert field.editor.property("fault") is True


def test_nothing_typed_is_lost_between_the_sides(page: TechnicianPage) -> None:
    editor = _editor(page, "lines[0].port")
    assert isinstance(editor, QLineEdit)
    editor.setText("COM7")
    editor.textEdited.emit("COM7")
    for side in (Side.PORTS, Side.MONITOR, Side.SETTINGS, Side.SUPPORT, Side.LINES):
        page.open(side)
        assert page.status.text() == "Có thay đổi chưa lưu"
        assert page.foot.isVisible()
    editor = _editor(page, "lines[0].port")
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "COM7"


def test_a_line_is_restarted_and_a_point_tested_with_its_answer_in_words(page: TechnicianPage, till: Till) -> None:
    finger = Finger(page)
    finger.tap("restart-line")
    assert till.sent == [m.RestartLine("dart-1")]
    old = PointTest(PointId(2), x.NOW - 60_000, "no_answer")
    till.show(replace(SNAPSHOT, point_test=old))
    page.lines.card.points.setCurrentIndex(1)
    finger.tap("test-point")
    assert till.sent[-1] == m.TestPoint(PointId(2))
    said = found(page.lines, QLabel, "test-outcome")
    assert said.text() == "Cột 2: đã gửi yêu cầu"
    till.show(replace(SNAPSHOT, point_test=PointTest(PointId(2), x.NOW - 3_000)))
    assert said.text() == "Cột 2: đang hỏi, 3 giây"
    totals = ((NozzleId(1), 184_273_650),)
    answer = PointTest(
        PointId(2), x.NOW - 3_000, "done", FuellingPointState.SUSPENDED_FUELLING, totals, ((NozzleId(1), 27_080),), 412
    )
    till.show(replace(SNAPSHOT, point_test=answer))
    for part in ("sau 412 ms", "Tạm dừng", "184.273,65 lít", "27.080"):
        assert part in said.text().replace("\u00a0", " "), said.text()


def test_a_changed_line_is_tested_as_it_is_typed_and_one_with_faults_shows_them(
    page: TechnicianPage, till: Till
) -> None:
    page.draft.put("lines[0].points[1].address", 12)
    page.lines.form.edited.emit()
    finger = Finger(page)
    finger.tap("test-draft")
    assert till.workshop.examined == []
    field = page.form.field("lines[0].points[1].address")
    assert field is not None
    assert field.editor.property("fault") is True


# ── wires ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _watch(page: TechnicianPage, till: Till, frames: tuple[WireFrame, ...]) -> None:
    page.open(Side.MONITOR)
    assert till.workshop.tell_frames is not None
    till.workshop.tell_frames(frames)
    page.monitor.draw()


def test_it_watches_only_while_it_is_seen(page: TechnicianPage, till: Till) -> None:
    assert "watch" not in till.workshop.asked
    page.open(Side.MONITOR)
    assert till.workshop.asked[-1] == "watch"
    QTest.keyClick(till.cashier, Qt.Key.Key_Escape)
    assert till.workshop.asked[-1] == "unwatch"
    QTest.keyClick(till.cashier, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert till.workshop.asked[-1] == "watch"
    page.open(Side.LINES)
    assert till.workshop.asked[-1] == "unwatch"


def test_paused_it_stands_still_and_nothing_is_lost(page: TechnicianPage, till: Till) -> None:
    _watch(page, till, w.frames(10))
    Finger(page).tap("pause")
    _watch(page, till, w.frames(25)[10:])
    assert len(page.monitor.table.frames.shown) == 10
    assert "15 khung mới" in page.monitor.note.text()
    Finger(page).tap("pause")
    assert [frame.number for frame in page.monitor.table.frames.shown] == list(range(1, 26))


def test_filters_go_together_and_say_when_nothing_passes(page: TechnicianPage, till: Till) -> None:
    _watch(page, till, w.frames(100, damaged_every=9))
    monitor, frames = page.monitor, page.monitor.table.frames
    Finger(page).tap("only-damaged")
    assert {frame.ok for frame in frames.shown} == {False}
    monitor.lines.setCurrentIndex(monitor.lines.findData("gilbarco-1"))
    monitor.lines.activated.emit(monitor.lines.currentIndex())
    assert frames.shown == []
    assert frames.empty() == "Không có khung nào khớp bộ lọc."
    Finger(page).tap("only-damaged")
    monitor.kinds.setCurrentIndex(monitor.kinds.findData("data"))
    monitor.kinds.activated.emit(monitor.kinds.currentIndex())
    assert frames.shown
    assert {(frame.line, frame.kind) for frame in frames.shown} == {("gilbarco-1", "data")}
    monitor.text.setText("ĐÃ BƠM 1284")
    assert frames.shown
    monitor.text.setText("9D d8")
    assert frames.shown
    monitor.text.setText("no such bytes")
    assert frames.shown == []


def test_a_chosen_frame_is_shown_whole_and_the_view_stands_still(page: TechnicianPage, till: Till) -> None:
    _watch(page, till, w.frames(40))
    table = page.monitor.table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Up)
    frame = table.chosen
    assert isinstance(frame, WireFrame)
    assert frame.bytes_hex in page.monitor.detail.text()
    assert page.monitor.pause.isChecked()


def test_much_more_than_fits_is_kept_bounded_and_quickly(page: TechnicianPage, till: Till) -> None:
    """The bound in time is far above what it takes: it catches a row worded, or a list walked, for every frame."""
    made = w.frames(60_000)
    page.open(Side.MONITOR)
    began = time.process_time()
    for start in range(0, len(made), 500):
        assert till.workshop.tell_frames is not None
        till.workshop.tell_frames(made[start : start + 500])
        page.monitor.draw()
    QApplication.processEvents()
    took = time.process_time() - began
    frames = page.monitor.table.frames
    assert KEPT <= len(frames.kept) <= KEPT + SLACK
    assert frames.rowCount() == len(frames.shown) == len(frames.kept)
    assert frames.shown[-1].number == made[-1].number
    assert took < 6


def test_what_is_shown_and_the_recording_are_kept_in_files(page: TechnicianPage, till: Till) -> None:
    _watch(page, till, w.frames(30))
    page.monitor.kinds.setCurrentIndex(page.monitor.kinds.findData("data"))
    page.monitor.kinds.activated.emit(0)
    finger = Finger(page)
    finger.tap("keep-shown")
    head, *rows = till.workshop.text.splitlines()
    assert head.startswith("Giờ\tĐường dây")
    assert len(rows) == 6
    assert all("dữ liệu" in row for row in rows)
    assert "wire-shown" in page.monitor.detail.text()
    finger.tap("keep-recording")
    assert "wire-20261123-081502-all.jsonl" in page.monitor.detail.text()


# ── support ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _texts(page: TechnicianPage) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in page.support.findChildren(QLabel) if label.isVisible()]


def test_the_check_up_says_causes_and_what_to_do_worst_first(page: TechnicianPage, till: Till) -> None:
    page.open(Side.SUPPORT)
    Finger(page).tap("check-up")
    texts = _texts(page)
    assert texts.index("Không thấy bộ chuyển đổi COM4") < texts.index("Ổ đĩa chỉ còn 312 MB")
    assert "Cắm bộ chuyển đổi, hoặc xem `pos-client ports` và sửa cài đặt" in texts
    assert page.support.title.text() == "2 việc cần xem"


def test_a_bundle_goes_to_the_chosen_folder(page: TechnicianPage, till: Till) -> None:
    page.open(Side.SUPPORT)
    Finger(page).tap("make-bundle")
    assert till.workshop.asked[-1] == "make_bundle /media/usb"
    assert any("483 KB" in text for text in _texts(page))


def test_other_settings_are_looked_at_before_they_are_taken_and_the_forms_follow(
    page: TechnicianPage, till: Till
) -> None:
    tree = page.draft.saved_tree()
    tree["station"]["terminal"] = "T2"
    del tree["lines"][1]
    till.workshop.incoming = Incoming("", tree)
    page.open(Side.SUPPORT)
    finger = Finger(page)
    finger.tap("look-into")
    texts = _texts(page)
    assert "2 chỗ sẽ thay đổi" in texts
    assert "Cửa hàng · Mã quầy" in texts
    assert "T1 → T2" in texts
    assert page.draft.get("station.terminal") == "T1"
    finger.tap("answer-action")
    assert till.workshop.asked[-1] == "take_in /media/usb/pos-client-CHXD018-T2.toml"
    assert page.draft.get("station.terminal") == "T2"
    assert page.draft.count("lines") == 1
    assert not page.draft.changed


def test_settings_with_faults_show_all_of_them_and_cannot_be_taken(page: TechnicianPage, till: Till) -> None:
    tree = page.draft.saved_tree()
    tree["central"]["url"] = "ftp://nowhere"
    tree["lines"][0]["points"][0]["address"] = 12
    till.workshop.incoming = Incoming("", None, check(tree).faults)
    page.open(Side.SUPPORT)
    Finger(page).tap("look-into")
    texts = _texts(page)
    assert "Trung tâm · Địa chỉ trung tâm" in texts
    assert "Đường dây thứ 1 · Cột thứ 1 · Địa chỉ" in texts
    assert not page.support.action.isVisible()


def test_the_settings_before_are_offered(page: TechnicianPage, till: Till) -> None:
    till.workshop.incoming = Incoming("", page.draft.saved_tree())
    page.open(Side.SUPPORT)
    Finger(page).tap("look-at-previous")
    assert till.workshop.asked[-1] == "look_into "
    assert page.support.title.text() == "Giống hệt cài đặt đang lưu, không có gì để đổi"


def test_function_keys_turn_the_sides_and_control_s_saves(page: TechnicianPage, till: Till) -> None:
    for key, side in zip(
        (Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F5, Qt.Key.Key_F6, Qt.Key.Key_F7), Side, strict=True
    ):
        QTest.keyClick(page.focusWidget() or page, key)
        assert page.side is side
    page.open(Side.LINES)
    QTest.keyClick(page.focusWidget() or page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert len(till.workshop.saved) == 1
    assert till.sent == []
