"""The strip in words: keys on their answers, why some are dimmed, what Enter does."""

from __future__ import annotations

import pytest

from pos_client.domain.fuelling_point import FuellingPointState as State
from pos_client.domain.identifiers import PointId
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import Key
from pos_client.ui.more.availability import Counter
from pos_client.ui.more.steps import Ask, Step
from pos_client.ui.more.view_model import CellView, MoreView, more_view
from tests.ui import sample as x
from tests.ui.gallery import SCENES
from tests.words import words

VI = words("vi")
COUNTER = Counter(tills=("T2", "T3"))
MENU = Step(Ask.MENU)


def _view(step: Step, snapshot: TerminalSnapshot | None, counter: Counter = COUNTER) -> MoreView:
    return more_view(VI, step, snapshot, counter, x.NOW)


def _cell(view: MoreView, cap: str) -> CellView:
    return next(cell for cell in view.cells if cell.cap == cap)


def test_the_menu_keeps_its_keys_in_their_places() -> None:
    """Dimmed, not moved: only O and C change places with each other."""
    caps = [
        [cell.cap for cell in _view(MENU, snapshot).cells]
        for snapshot in (x.terminal(), x.selling(), x.terminal(points=()), x.terminal(shift=None))
    ]
    assert (
        caps[0]
        == caps[1]
        == caps[2]
        == ["D", "T", "H", "A", "P", "R", "B", "C", "S", "V", "L", "G", "Q", "F", "K", "N"]
    )
    assert caps[3] == ["D", "T", "H", "A", "P", "R", "B", "O", "S", "V", "L", "G", "Q", "F", "K", "N"]


@pytest.mark.parametrize("name", [name for name, scene in SCENES.items() if scene.step is not None])
def test_what_is_dimmed_says_why_and_what_is_not_has_its_key(name: str) -> None:
    scene = SCENES[name]
    assert scene.step is not None
    for cell in _view(scene.step, scene.snapshot).cells:
        assert cell.cap
        assert cell.label or cell.cap.isdigit(), "a digit of a PIN says itself"
        assert cell.enabled or cell.note, cell
        assert (cell.choice is None) != (cell.key is None)


def test_an_answer_says_what_it_is_about() -> None:
    view = _view(MENU, x.selling(customer=None, points_panel=None, drive_offs=x.DRIVE_OFFS))
    assert _cell(view, "D").note == "Cột 1 · 350.000 đ"
    assert _cell(view, "T").note == "ghi lượt đang mở"
    assert _cell(view, "H").note == "Cột 1 cho T2, T3"
    assert _cell(view, "A").note == "1 cột đang gọi"
    assert _cell(view, "B").note == "2 lượt chưa trả"
    assert _cell(view, "C").note == "mở từ 06:00"
    dimmed = _cell(view, "R")
    assert (dimmed.enabled, dimmed.note) == (False, "chưa dừng cột nào")
    assert _cell(_view(MENU, x.terminal()), "T").note == "lượt tới của một cột"


def test_a_question_about_the_sale_names_it() -> None:
    sale = x.SALE.sale_id
    assert _view(Step(Ask.PLATE, sale), x.selling()).title == "Khách bỏ đi: cột 1 · 350.000 đ · 12,93 lít"
    assert "350.000 đ" in _view(Step(Ask.TEST_SALE, sale), x.selling()).hint


def test_restarting_says_how_many_or_which() -> None:
    stopped = x.terminal(points=tuple(x.point(n, stopped=n < 4) for n in range(1, 7)))
    assert _view(Step(Ask.REASON), stopped).title == "3 cột chạy lại: vì sao?"
    assert _view(Step(Ask.REASON, point=PointId(2)), stopped).title == "Cột 2 chạy lại: vì sao?"


def test_enter_names_the_pump_it_would_take() -> None:
    step = Step(Ask.PRESET_POINT, preset_ml=20_500)
    calling = x.terminal(points=(x.point(3, State.CALLING, age_s=9), x.point(4, State.CALLING, age_s=27)))
    enter = _cell(_view(step, calling), "Enter")
    assert (enter.note, enter.enabled, enter.key) == ("cột 4, chờ 27 giây", True, Key.ENTER)
    assert not _cell(_view(step, x.terminal(points=())), "Enter").enabled
    assert _view(step, calling).title == "Đặt trước 20,50 lít: cột nào?"


def test_escape_leads_back_or_away() -> None:
    assert "Esc" not in [cell.cap for cell in _view(MENU, x.terminal()).cells]  # it stands in the bottom bar
    assert _cell(_view(Step(Ask.STOP_POINT, before=MENU), x.terminal()), "Esc").label == "Lùi một bước"


def test_while_starting_the_menu_says_so() -> None:
    for snapshot in (None, x.terminal(ready=False)):
        view = _view(MENU, snapshot)
        assert view.title == "Đang khởi động: mới mở được trang kỹ thuật"
        assert [cell.cap for cell in view.cells] == ["K", "N", "Esc"]


def test_fields_only_where_something_is_typed() -> None:
    fields = {ask: _view(Step(ask, x.SALE.sale_id), x.selling()).field for ask in Ask}
    assert {ask for ask, field in fields.items() if field is not None} == {Ask.PLATE, Ask.PRESET}
    litres = _view(Step(Ask.PRESET, litres=True), x.terminal()).field
    assert litres is not None
    assert litres.focused
    money = fields[Ask.PRESET]
    assert money is not None
    assert not money.focused, "its digits are quick keys first"
