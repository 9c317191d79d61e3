"""The shift in words and tables."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.services.shift_snapshots import MeterState, ShiftPhase, ShiftSnapshot
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.parts.columns import CellText, Column, TableData, widths
from pos_client.ui.shift import tables
from pos_client.ui.shift.head_office import head_office_rows
from pos_client.ui.shift.view_model import difference, head_view, summary_rows, task_view
from pos_client.ui.tone import Shape, Tone
from tests.ui import sample as x
from tests.words import words

VI = words("vi")
P = ShiftPhase


def _in(shift: ShiftSnapshot | None, **more: object) -> TerminalSnapshot:
    return x.terminal(shift=shift, **more)


def _cells(table: TableData, name: object) -> dict[str, CellText]:
    row = next(r for r in table.rows if r.name == name)
    return {column.title: cell for column, cell in zip(table.columns, row.cells, strict=True)}


@pytest.mark.parametrize(
    ("shift", "phase", "detail"),
    [
        (None, "Chưa mở", "Vẫn bán được, chưa so được số máy."),
        (x.shift(P.OPENING), "Đang mở ca", "Mở lúc 06:00 · đã 8 giờ 32"),
        (x.shift(), "Đang bán", "Mở lúc 06:00 · đã 8 giờ 32"),
        (x.shift(P.READING), "Đọc số máy", "Mở lúc 06:00 · đã 8 giờ 32"),
        (x.shift(P.COUNTING), "Đếm tiền", "Mở lúc 06:00 · đã 8 giờ 32"),
        (x.shift(P.CLOSED, closed_at=x.WALL), "Đã chốt", "Từ 06:00 đến 14:32"),
    ],
)
def test_head(shift: ShiftSnapshot | None, phase: str, detail: str) -> None:
    view = head_view(VI, _in(shift), x.NOW)
    assert (view.phase, view.detail) == (phase, detail)


def test_the_shift_grows_older_between_snapshots() -> None:
    assert head_view(VI, _in(x.shift()), x.NOW + 60_000).detail.endswith("8 giờ 33")


def test_what_stands_open_comes_before_what_is_done() -> None:
    rows = summary_rows(VI, x.shift())
    assert [(row.label, row.figure) for row in rows[:4]] == [
        ("Thành tiền", "26.715.100 đ"),
        ("Chưa thu · 2 lượt", "190.800 đ"),
        ("Khách bỏ đi · 2 lượt", "595.400 đ"),
        ("Bản ghi chờ gửi trung tâm", "12"),
    ]
    assert [row.tone for row in rows[:4]] == [Tone.NEUTRAL, Tone.ATTENTION, Tone.DANGER, Tone.UNKNOWN]
    assert ("Tiền mặt · 61 lượt", "12.350.000 đ") in [(row.label, row.figure) for row in rows]
    calm = summary_rows(VI, x.shift(unpaid=0, drive_offs=0, waiting_records=0))
    assert {row.tone for row in calm} == {Tone.NEUTRAL}
    assert summary_rows(VI, None) == ()


@pytest.mark.parametrize(
    ("verdict", "said", "tone"),
    [
        (None, "chưa nhận", Tone.PROGRESS),
        ("records-awaited", "chờ nhật ký", Tone.UNKNOWN),
        ("matched", "khớp", Tone.DONE),
        ("a word learnt later", "đã trả lời", Tone.NEUTRAL),
    ],
)
def test_what_head_office_says_of_the_closed_shift(verdict: str | None, said: str, tone: Tone) -> None:
    closed = x.shift(P.CLOSED, closed_at=x.WALL)
    (row,) = head_office_rows(VI, x.stated(verdict), closed)
    assert (row.label, row.figure, row.tone) == ("Trung tâm", said, tone)
    for current in (None, x.shift(shift_id="the next one")):  # it is in nobody's way, and says whose it is
        (row,) = head_office_rows(VI, x.stated(verdict), current)
        assert (row.label, row.figure) == ("Trung tâm, ca Nguyễn Thị Ánh 14:32", said)


def test_what_differs_is_named_with_how_much_and_the_rest_is_counted() -> None:
    differences = (
        ("cash", 1_200_000, 1_150_000),
        ("tender:card:amount", 0, 40_000),
        ("nozzle:1/2:told", 7_000, 9_500),
        ("accrual:0199", 0, 40_000),
        ("sales", 3, 4),
    )
    rows = head_office_rows(VI, x.stated("mismatch", differences), None)
    assert [(row.label, row.figure) for row in rows[1:]] == [
        ("Tiền mặt", "ít hơn 50.000 đ"),
        ("Thẻ", "hơn 40.000 đ"),
        ("Vòi 1/2, lít", "hơn 2,50 lít"),
        ("Số khác nữa: 2", ""),
    ]
    assert {row.tone for row in rows} == {Tone.DANGER}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_number_head_office_may_name_has_words(language: str) -> None:
    catalogue = words(language)
    names = ["sales", "volume", "amount", "cash", "journal", "accrual:x", "redemption:x", "tender:cash:count"]
    names += [f"nozzle:1/1:{each}" for each in ("told", "amount", "fuellings", "closing")]
    for name in names:
        row = head_office_rows(catalogue, x.stated("mismatch", ((name, 1, 3),)), None)[1]
        assert row.label != name
        assert "{" not in row.label + row.figure
    strange = head_office_rows(catalogue, x.stated("mismatch", (("learnt later", 1, 1),)), None)[1]
    assert strange.label == "learnt later"


# ── what is to be done ──────────────────────────────────────────────────────────────────────────────────────────────


def test_reading_counts_down_and_names_who_does_not_answer() -> None:
    shift = x.shift(P.READING, deadline_ticks_ms=x.NOW + 12_000, unread_points=(PointId(6), PointId(5)))
    task = task_view(VI, _in(shift), x.NOW)
    assert task.title == "Đang đọc số máy: còn 12 giây"
    assert "Chưa đọc được cột 5, 6." in task.body
    assert task.permille == 600
    assert (task.turn, task.turn_enabled) == ("Thôi chốt", True)
    later = task_view(VI, _in(shift), x.NOW + 60_000)
    assert (later.title, later.permille) == ("Đang đọc số máy: còn 0 giây", 0)
    assert task_view(VI, _in(x.shift(P.READING)), x.NOW).permille is None


def test_closing_says_before_what_stays_open() -> None:
    task = task_view(VI, _in(x.shift()), x.NOW)
    assert "2 lượt chưa thu, 12 bản ghi chờ gửi" in task.body
    assert "không chuyển sang ca sau" in task.body
    calm = task_view(VI, _in(x.shift(unpaid=0, waiting_records=0)), x.NOW)
    assert "chưa thu" not in calm.body


def test_each_phase_asks_for_its_own_field() -> None:
    asked = {phase: task_view(VI, _in(x.shift(phase)), x.NOW).field for phase in P}
    assert asked == {
        P.OPENING: "",
        P.OPEN: "",
        P.READING: "",
        P.COUNTING: "cash-field",
        P.CLOSED: "cashier-field",
    }
    assert task_view(VI, _in(None), x.NOW).field == "cashier-field"


@pytest.mark.parametrize(
    ("counted", "said", "tone"),
    [
        (None, "Chưa gõ số tiền", Tone.NEUTRAL),
        (12_350_000, "Đếm được 12.350.000 đ: đủ", Tone.DONE),
        (12_300_000, "Đếm được 12.300.000 đ: thiếu 50.000 đ", Tone.DANGER),
        (12_370_000, "Đếm được 12.370.000 đ: thừa 20.000 đ", Tone.ATTENTION),
        (0, "Đếm được 0 đ: thiếu 12.350.000 đ", Tone.DANGER),
    ],
)
def test_the_difference(counted: int | None, said: str, tone: Tone) -> None:
    assert difference(VI, x.shift(P.COUNTING), counted) == (said, tone)


@given(st.integers(0, 10**10), st.integers(0, 10**10))
def test_a_difference_is_nothing_only_when_it_is_nothing(expected: int, counted: int) -> None:
    said, tone = difference(VI, x.shift(P.COUNTING, cash_expected_vnd=expected), counted)
    assert (tone is Tone.DONE) == (expected == counted)
    assert ("thiếu" in said) == (counted < expected)
    assert ("thừa" in said) == (counted > expected)


def test_the_closed_shift_keeps_its_result_and_what_was_not_read() -> None:
    shift = x.shift(P.CLOSED, closed_at=x.WALL, cash_counted_vnd=12_300_000, unread_points=(PointId(6),))
    task = task_view(VI, _in(shift), x.NOW)
    assert "thiếu 50.000 đ" in task.body
    assert "Chưa đọc được cột 6." in task.body
    assert task.tone is Tone.DANGER


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("state", "variance", "said", "tone", "shape"),
    [
        (MeterState.AGREES, 0, "khớp", Tone.DONE, Shape.TICK),
        (MeterState.VARIANCE, 350, "+0,35", Tone.ATTENTION, Shape.BANG),
        (MeterState.VARIANCE, -1_200, "−1,20", Tone.ATTENTION, Shape.BANG),
        (MeterState.WENT_DOWN, 0, "số máy lùi", Tone.DANGER, Shape.CROSS),
        (MeterState.WRAPPED, 0, "qua vòng", Tone.PROGRESS, Shape.LOOP),
        (MeterState.NOT_READ, 0, "chưa đọc", Tone.UNKNOWN, Shape.QUESTION),
    ],
)
def test_every_state_of_a_meter_has_word_tone_and_shape(
    state: MeterState, variance: int, said: str, tone: Tone, shape: Shape
) -> None:
    row = x.nozzle_row(4, 1, state, variance_ml=variance)
    cell = _cells(tables.meters(VI, x.shift(rows=(row,))), (4, 1))["Chênh lệch"]
    assert cell == CellText(said, tone, shape)


def test_a_nozzle_row_in_figures() -> None:
    cells = _cells(tables.meters(VI, x.shift()), (2, 1))
    assert {title: cell.text for title, cell in cells.items()} == {
        "Cột · vòi": "2 · 1",
        "Mặt hàng": x.E10,
        "Số đầu ca": "198.840,00",
        "Số mới nhất": "198.925,37",
        "Theo số máy": "85,37",
        "Theo lượt": "85,02",
        "Bơm thử": "20,00",
        "Thu hồi": "–",
        "Lượt": "8",
        "Thành tiền": "2.302.341 đ",
        "Chênh lệch": "+0,35",
    }


def test_what_was_not_read_is_a_dash_and_never_a_nought() -> None:
    cells = _cells(tables.meters(VI, x.shift()), (6, 1))
    assert [cells[title].text for title in ("Số mới nhất", "Theo số máy")] == ["–", "–"]


def test_the_fuellings_behind_a_row() -> None:
    shift = x.shift(drill=(PointId(1), NozzleId(2)), drill_fuellings=x.FUELLINGS)
    table = tables.fuellings(VI, shift)
    outcomes = [(row.cells[5].text, row.cells[5].tone) for row in table.rows[:7]]
    assert outcomes == [
        ("chưa thu", Tone.ATTENTION),
        ("đã thu", Tone.NEUTRAL),
        ("bơm thử", Tone.PROGRESS),
        ("đã thu · thu hồi", Tone.UNKNOWN),
        ("khách bỏ đi", Tone.DANGER),
        ("đổi điểm", Tone.PROGRESS),
        ("đã thu", Tone.NEUTRAL),
    ]
    title, note = tables.rows_title(VI, shift)
    assert title == f"Cột 1 · vòi 2 · {x.E10}"
    assert note == "191.530,00 đến 191.589,01 · 24 lượt bơm"
    brand_new = tables.fuellings(VI, x.shift(drill_fuellings=(x.fuelling(1, "brand_new"),)))
    assert brand_new.rows[0].cells[5].text == "brand_new"


def test_the_caption_counts_what_differs() -> None:
    assert tables.rows_title(VI, x.shift())[1] == "12 vòi · 3 vòi lệch · 1 vòi chưa đọc"
    assert tables.rows_title(VI, x.shift(rows=x.nozzle_rows(1)))[1] == "2 vòi"
    assert tables.rows_title(VI, None)[1] == ""


def test_drive_offs_newest_first_with_masked_plates() -> None:
    table = tables.drive_offs(VI, x.terminal(drive_offs=x.DRIVE_OFFS))
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["14:23 23/11", "Cột 2", "không rõ biển số", "18,46", "500.000 đ"],
        ["12:32 23/11", "Cột 5", "29C-***.45", "3,07", "95.400 đ"],
    ]
    assert tables.drive_offs(VI, x.terminal()).empty


def test_rows_are_named_apart() -> None:
    for table in (
        tables.meters(VI, x.shift(rows=x.nozzle_rows(32))),
        tables.fuellings(VI, x.shift(drill_fuellings=x.FUELLINGS)),
        tables.drive_offs(VI, x.terminal(drive_offs=x.DRIVE_OFFS)),
    ):
        names = [row.name for row in table.rows]
        assert len(set(names)) == len(names)
        assert all(len(row.cells) == len(table.columns) for row in table.rows)


def test_times_are_vietnams_wherever_the_clock_was() -> None:
    moved = x.shift(opened_at=x.WALL.astimezone(UTC))
    assert "14:32" in head_view(VI, _in(moved), x.NOW).detail


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────────────

COLUMNS = st.lists(
    st.builds(Column, st.just(""), st.integers(20, 200), st.booleans(), st.integers(0, 4), st.booleans()),
    min_size=1,
    max_size=12,
)


@given(COLUMNS, st.integers(0, 3000), st.integers(92, 160))
def test_columns_fill_the_room_and_go_by_rank(columns: list[Column], room: int, percent: int) -> None:
    made = widths(tuple(columns), room, percent)
    least = [column.least_px * percent // 100 for column in columns]
    shown = [i for i, width in enumerate(made) if width]
    assert all(columns[i].rank for i in range(len(columns)) if i not in shown), "rank 0 never goes"
    assert all(made[i] >= least[i] for i in shown)
    gone = [columns[i].rank for i in range(len(columns)) if i not in shown]
    assert not gone or max((columns[i].rank for i in shown), default=0) < min(gone)
    if shown and sum(least[i] for i in shown) <= room:
        assert sum(made) == room
    highest = min(gone, default=None)
    if highest is not None:
        back = [i for i, column in enumerate(columns) if column.rank <= highest]
        assert sum(least[i] for i in back) > room, "nothing goes that had room"
