"""A shift as a document: whose it was, money by tender, litres and money by grade, every nozzle's meter against its
fuellings; and the fuellings behind the nozzle that was opened. No Qt."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import grouped, litres, timestamp
from pos_client.domain.moment import VIETNAM
from pos_client.domain.plots import Bar, Plot, signed
from pos_client.domain.sheets import Cell, Litres, Sheet, local
from pos_client.services.shift_snapshots import NozzleRow, ShiftSnapshot
from pos_client.ui.exports.document import Document

THOUSAND = 1000


def document(words: Catalogue, shift: ShiftSnapshot, station: str) -> Document:
    """All there is to say of a shift."""
    own = (_head(words, shift), tenders(words, shift), _grades(words, shift), meters(words, shift))
    opened = (_fuellings(words, shift),) if shift.drill is not None else ()
    note = " · ".join(part for part in (station, shift.cashier, _stretch(words, shift)) if part)
    return Document("shift", words.say("shift.report.title"), note, (*own, *opened), plots(words, shift))


def plots(words: Catalogue, shift: ShiftSnapshot | None) -> tuple[Plot, ...]:
    """Money by tender, litres by nozzle, and where meters and fuellings differ."""
    say, rows = words.say, shift.rows if shift is not None else ()
    paid = tuple(
        Bar(say(f"tender.{each.kind.value}"), max(0, each.amount_vnd), up_text=grouped(each.amount_vnd // THOUSAND))
        for each in (shift.tenders if shift is not None else ())
    )
    told = tuple(Bar(_place(row), row.told_ml, up_text=litres(row.told_ml)) for row in rows)
    differ = tuple(signed(_place(row), row.variance_ml or 0, litres(row.variance_ml or 0)) for row in rows)
    return (
        Plot(say("shift.plot.tenders"), say("records.thousands"), paid),
        Plot(say("shift.plot.litres"), say("shift.plot.unit_litres"), told),
        Plot(say("shift.plot.variance"), say("shift.plot.unit_variance"), differ),
    )


def meters(words: Catalogue, shift: ShiftSnapshot) -> Sheet:
    """Nozzle by nozzle: where the meter stood, what it moved, what its fuellings add up to, and the difference."""
    names = ("nozzle", "grade", "opening", "last", "metered", "told", "test", "recovered", "fuellings", "amount")
    heads = (*_heads(words, *names), *_heads(words, "variance", "outcome"))
    rows = tuple(
        (
            words.say("shift.nozzle", point=row.point, nozzle=row.nozzle),
            row.grade_name,
            *(_volume(ml) for ml in (row.opening_ml, row.last_ml, row.metered_ml)),
            *(Litres(row.told_ml), Litres(row.test_ml), Litres(row.recovered_ml), row.fuellings, row.amount_vnd),
            *(_volume(row.variance_ml), words.say(f"shift.meter.{row.state.value}")),
        )
        for row in shift.rows
    )
    return Sheet(words.say("records.shift", cashier=shift.cashier), heads, rows)


def tenders(words: Catalogue, shift: ShiftSnapshot) -> Sheet:
    """Money by tender."""
    rows = tuple((words.say(f"tender.{each.kind.value}"), each.count, each.amount_vnd) for each in shift.tenders)
    heads = tuple(words.say(f"records.column.{name}") for name in ("tenders", "sales", "amount"))
    return Sheet(words.say("records.shift_tenders"), heads, rows)


def _head(words: Catalogue, shift: ShiftSnapshot) -> Sheet:
    def line(name: str, value: Cell) -> tuple[Cell, ...]:
        return words.say(f"shift.report.{name}"), value

    counted = shift.cash_counted_vnd
    rows = [
        line("cashier", shift.cashier),
        line("opened", local(shift.opened_at)),
        *([line("closed", local(shift.closed_at))] if shift.closed_at is not None else []),
        line("sales", shift.sales),
        line("litres", Litres(shift.volume_ml)),
        line("amount", shift.amount_vnd),
        line("unpaid", shift.unpaid_vnd),
        line("drive_offs", shift.drive_offs_vnd),
        line("waiting", shift.waiting_records),
        line("cash_expected", shift.cash_expected_vnd),
        *([] if counted is None else [line("cash_counted", counted)]),
        *([] if counted is None else [line("cash_difference", counted - shift.cash_expected_vnd)]),
    ]
    heads = (words.say("shift.report.what"), words.say("shift.report.value"))
    return Sheet(words.say("shift.report.title"), heads, tuple(rows))


def _grades(words: Catalogue, shift: ShiftSnapshot) -> Sheet:
    sums: dict[str, tuple[int, int, int]] = {}
    for row in shift.rows:
        fuellings, volume, amount = sums.get(row.grade_name, (0, 0, 0))
        sums[row.grade_name] = (fuellings + row.fuellings, volume + row.told_ml, amount + row.amount_vnd)
    rows = tuple((name, count, Litres(volume), amount) for name, (count, volume, amount) in sorted(sums.items()))
    return Sheet(words.say("records.by_grade"), _heads(words, "grade", "fuellings", "litres", "amount"), rows)


def _fuellings(words: Catalogue, shift: ShiftSnapshot) -> Sheet:
    rows = tuple(
        (
            *(local(each.finished_at), Litres(each.volume_ml), each.unit_price, each.amount_vnd),
            *(Litres(each.end_totalizer_ml), _outcome(words, each.outcome), each.receipt_number),
        )
        for each in shift.drill_fuellings
    )
    point, nozzle = shift.drill or (0, 0)
    title = words.say("shift.fuellings_of", point=point, nozzle=nozzle, grade="").strip(" ·,")
    return Sheet(title, _heads(words, "time", "litres", "price", "amount", "end", "outcome", "receipt"), rows)


def _outcome(words: Catalogue, outcome: str) -> str:
    name = f"shift.outcome.{outcome}"
    return words.say(name) if words.knows(name) else outcome


def _heads(words: Catalogue, *names: str) -> tuple[str, ...]:
    return tuple(words.say(f"shift.column.{name}") for name in names)


def _place(row: NozzleRow) -> str:
    return f"{row.point}.{row.nozzle}"


def _stretch(words: Catalogue, shift: ShiftSnapshot) -> str:
    opened = timestamp(shift.opened_at.astimezone(VIETNAM))
    if shift.closed_at is None:
        return words.say("shift.report.since", opened=opened)
    return words.say("shift.from_to", opened=opened, closed=timestamp(shift.closed_at.astimezone(VIETNAM)))


def _volume(volume_ml: int | None) -> Cell:
    return "" if volume_ml is None else Litres(volume_ml)
