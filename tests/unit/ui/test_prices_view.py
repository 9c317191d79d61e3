"""Prices: the list, the pumps, and whether they agree."""

from __future__ import annotations

from dataclasses import replace

from pos_client.domain.identifiers import NozzleId
from pos_client.services.snapshots import PointSnapshot, TerminalSnapshot
from pos_client.ui.prices.view_model import at_pumps, listed, verdict
from pos_client.ui.tone import Shape, Tone
from tests.ui import sample as x
from tests.ui.pictures import FORECOURT
from tests.words import words

VI = words("vi")


def _texts(snapshot: TerminalSnapshot) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in at_pumps(VI, snapshot, FORECOURT).rows]


def _showing(number: int, *prices: int, mismatch: bool = False) -> PointSnapshot:
    shown = tuple((NozzleId(n), price) for n, price in enumerate(prices, start=1))
    return x.point(number, pump_prices=shown, price_mismatch=mismatch)


def test_the_list_says_what_comes_next_and_when() -> None:
    rows = [[cell.text for cell in row.cells] for row in listed(VI, x.terminal()).rows]
    assert rows[0] == [x.E10, "27.080", "từ trước", "27.450", "15:00 26/11"]
    assert rows[1] == [x.E5, "26.190", "15:00 19/11", "–", "–"]


def test_each_nozzle_is_compared_with_its_own_grade() -> None:
    snapshot = x.terminal(points=(_showing(1, 27_080, 26_190), _showing(5, 31_090)))
    assert _texts(snapshot) == [
        ["1 · 1", x.E10, "27.080", "27.080", "khớp"],
        ["1 · 2", x.E5, "26.190", "26.190", "khớp"],
        ["5 · 1", x.DO, "31.090", "31.090", "khớp"],
    ]


def test_a_price_that_differs_and_one_that_was_never_heard() -> None:
    snapshot = x.terminal(points=(_showing(1, 26_700),))
    rows = at_pumps(VI, snapshot, FORECOURT).rows
    assert (rows[0].cells[4].text, rows[0].cells[4].tone, rows[0].cells[4].shape) == (
        "sai giá",
        Tone.DANGER,
        Shape.BANG,
    )
    assert (rows[1].cells[3].text, rows[1].cells[4].text, rows[1].cells[4].tone) == ("–", "chưa đọc", Tone.UNKNOWN)


def test_without_a_list_nothing_is_said_to_agree() -> None:
    rows = _texts(x.terminal(points=(_showing(5, 31_090),), prices=()))
    assert rows == [["5 · 1", x.DO, "–", "31.090", "không có giá"]]


def test_an_unknown_forecourt_shows_what_the_pumps_say() -> None:
    snapshot = x.terminal(points=(_showing(9, 27_080),))
    assert at_pumps(VI, snapshot, None).rows[0].cells[3].text == "27.080"
    assert at_pumps(VI, snapshot, FORECOURT).rows[0].cells[1].text == "–"


def test_all_pumps_in_one_line() -> None:
    agree = x.terminal(points=(_showing(1, 27_080), _showing(2, 27_080)))
    assert verdict(VI, agree) == ("Mọi cột khớp giá niêm yết", Tone.DONE)
    wrong = replace(agree, points=(*agree.points, _showing(11, 1, mismatch=True), _showing(3, 1, mismatch=True)))
    assert verdict(VI, wrong) == ("Sai giá: cột 3, 11", Tone.DANGER)
    assert verdict(VI, x.terminal()) == ("Chưa đọc được giá trên cột", Tone.UNKNOWN)
