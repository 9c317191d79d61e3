"""A shift's report as lines of paper: money first, then meters, then what still stands open. Pure.

A nozzle whose meter agrees takes two lines; one that does not says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pos_client.domain import formatting
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.paper import GAP, RULE, Line, Style, centred, fitted
from pos_client.domain.quantities import Millilitres
from pos_client.domain.shift import MeterState
from pos_client.domain.shift_report import MeterOnPaper, ShiftReport

_IN_ORDER = frozenset({MeterState.AGREES, MeterState.WRAPPED})


def layout(report: ShiftReport, catalogue: Catalogue, columns: int) -> tuple[Line, ...]:
    """The lines of a report, each at the most `columns` (24 or more) characters wide."""
    return fitted(_lines(report, catalogue), columns)


def _lines(report: ShiftReport, words: Catalogue) -> Iterator[Line]:
    yield from _header(report, words)
    yield RULE
    yield from _money(report, words)
    yield RULE
    yield from _cash(report, words)
    yield RULE
    yield from _meters(report, words)
    yield RULE
    yield from _open(report, words)
    yield GAP
    yield Line(words.say("receipt.shift.handed_over_by"), words.say("receipt.shift.taken_over_by"))
    yield GAP
    yield GAP


def _header(report: ShiftReport, words: Catalogue) -> Iterator[Line]:
    yield from centred(report.station_name or report.station, Style.STRONG)
    if report.station_name:
        yield from centred(report.station)
    yield from centred(words.say("receipt.shift.title"), Style.LARGE)
    yield Line(words.say("receipt.shift.till"), report.terminal)
    yield Line(words.say("receipt.cashier"), report.cashier)
    yield Line(words.say("receipt.shift.opened"), _timestamp(report.opened_at))
    yield Line(words.say("receipt.shift.closed"), _timestamp(report.closed_at))


def _money(report: ShiftReport, words: Catalogue) -> Iterator[Line]:
    for grade in report.grades:
        yield Line(grade.grade_name, _litres(grade.volume_ml, words), style=Style.STRONG)
        yield Line("", formatting.money(grade.amount_vnd))
    for kind, times, amount in report.tenders:
        name = words.say(f"receipt.tender.{kind.value}")
        yield Line(words.say("receipt.shift.tender", name=name, times=times), formatting.money(amount))
    paid = words.say("receipt.shift.paid", sales=report.sales)
    yield Line(paid, formatting.money(report.amount_vnd), style=Style.STRONG)


def _cash(report: ShiftReport, words: Catalogue) -> Iterator[Line]:
    yield Line(words.say("receipt.shift.cash_expected"), formatting.money(report.cash_expected_vnd))
    yield Line(words.say("receipt.shift.cash_counted"), formatting.money(report.cash_counted_vnd))
    difference = report.cash_difference_vnd
    verdict = "equal" if difference == 0 else "over" if difference > 0 else "short"
    amount = formatting.money(abs(difference)) if difference else ""
    yield Line(words.say(f"receipt.shift.cash_{verdict}"), amount, style=Style.LARGE)


def _meters(report: ShiftReport, words: Catalogue) -> Iterator[Line]:
    for meter in report.meters:
        yield from _meter(meter, words)
    if report.unread_points:
        points = ", ".join(str(point) for point in report.unread_points)
        yield Line(words.say("receipt.shift.unread", points=points), style=Style.STRONG)


def _meter(meter: MeterOnPaper, words: Catalogue) -> Iterator[Line]:
    place = words.say("receipt.place", point=meter.point, nozzle=meter.nozzle)
    state = words.say(f"receipt.shift.meter.{meter.state.value}")
    style = Style.PLAIN if meter.state is MeterState.AGREES else Style.STRONG
    yield Line(f"{place} · {meter.grade_name}", state, style=style)
    yield Line(f"{_reading(meter.opening_ml)} – {_reading(meter.closing_ml)}", _litres(meter.told_ml, words))
    if meter.state not in _IN_ORDER and meter.metered_ml is not None and meter.variance_ml is not None:
        yield Line(words.say("receipt.shift.metered"), _litres(meter.metered_ml, words))
        yield Line(words.say("receipt.shift.variance"), _litres(meter.variance_ml, words), style=Style.STRONG)
    for name, volume in (("between", meter.between_ml), ("test", meter.test_ml), ("recovered", meter.recovered_ml)):
        if volume:
            yield Line(words.say(f"receipt.shift.{name}"), _litres(volume, words))


def _open(report: ShiftReport, words: Catalogue) -> Iterator[Line]:
    """What is handed on: named, never moved silently."""
    for fuelling in report.unpaid:
        place = words.say("receipt.shift.unpaid_at", point=fuelling.point, litres=formatting.litres(fuelling.volume_ml))
        yield Line(place, formatting.money(fuelling.due_vnd))
    unpaid = words.say("receipt.shift.unpaid", count=len(report.unpaid))
    yield Line(unpaid, formatting.money(report.unpaid_vnd), style=Style.STRONG if report.unpaid else Style.PLAIN)
    drive_offs = words.say("receipt.shift.drive_offs", count=report.drive_offs)
    yield Line(drive_offs, formatting.money(report.drive_offs_vnd))
    yield Line(words.say("receipt.shift.waiting"), formatting.grouped(report.waiting_records))


def _reading(total_ml: Millilitres | None) -> str:
    return "?" if total_ml is None else formatting.litres(total_ml)


def _litres(volume_ml: Millilitres, words: Catalogue) -> str:
    return words.say("receipt.litres", litres=formatting.litres(volume_ml))


def _timestamp(iso: str) -> str:
    return formatting.timestamp(datetime.fromisoformat(iso))
