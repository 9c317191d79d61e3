"""The tables of the shift's page: nozzles, the fuellings behind one, and who left without paying. No Qt."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import clock, grouped, litres, money
from pos_client.domain.moment import VIETNAM
from pos_client.services.shift_snapshots import MeterState, NozzleFuelling, NozzleRow, ShiftSnapshot
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.parts.columns import CellText, Column, TableData, TableRow
from pos_client.ui.tone import Shape, Tone

_METER: dict[MeterState, tuple[Tone, Shape]] = {
    MeterState.AGREES: (Tone.DONE, Shape.TICK),
    MeterState.VARIANCE: (Tone.ATTENTION, Shape.BANG),
    MeterState.WENT_DOWN: (Tone.DANGER, Shape.CROSS),
    MeterState.WRAPPED: (Tone.PROGRESS, Shape.LOOP),
    MeterState.NOT_READ: (Tone.UNKNOWN, Shape.QUESTION),
}
_OUTCOME: dict[str, tuple[Tone, Shape | None]] = {
    "paid": (Tone.NEUTRAL, None),
    "unpaid": (Tone.ATTENTION, Shape.COIN),
    "test": (Tone.PROGRESS, Shape.LOOP),
    "drive_off": (Tone.DANGER, Shape.CROSS),
    "gift": (Tone.PROGRESS, Shape.GIFT),
    "other_till": (Tone.NEUTRAL, None),
}
NOTHING = "–"


def meters(words: Catalogue, shift: ShiftSnapshot | None) -> TableData:
    """One row a nozzle: its meter, its fuellings, and what they say of each other."""
    say = words.say
    columns = (
        Column(say("shift.column.nozzle"), 76),
        Column(say("shift.column.grade"), 176, grows=True),
        Column(say("shift.column.opening"), 116, right=True, rank=3),
        Column(say("shift.column.last"), 116, right=True, rank=3),
        Column(say("shift.column.metered"), 106, right=True),
        Column(say("shift.column.told"), 84, right=True),
        Column(say("shift.column.test"), 82, right=True, rank=4),
        Column(say("shift.column.recovered"), 82, right=True, rank=4),
        Column(say("shift.column.fuellings"), 50, right=True, rank=2),
        Column(say("shift.column.amount"), 116, right=True, rank=1),
        Column(say("shift.column.variance"), 118, right=True),
    )
    rows = tuple(TableRow((int(r.point), int(r.nozzle)), _meter(words, r)) for r in shift.rows) if shift else ()
    return TableData(columns, rows, say("shift.no_rows"))


def _meter(words: Catalogue, row: NozzleRow) -> tuple[CellText, ...]:
    tone, shape = _METER[row.state]
    said = words.say(f"shift.meter.{row.state.value}")
    if row.state is MeterState.VARIANCE and row.variance_ml is not None:
        said = f"{'+' if row.variance_ml > 0 else '−'}{litres(abs(row.variance_ml))}"
    return (
        CellText(words.say("shift.nozzle", point=row.point, nozzle=row.nozzle), strong=True),
        CellText(row.grade_name),
        CellText(_litres(row.opening_ml)),
        CellText(_litres(row.last_ml)),
        CellText(_litres(row.metered_ml)),
        CellText(litres(row.told_ml)),
        CellText(litres(row.test_ml) if row.test_ml else NOTHING),
        CellText(litres(row.recovered_ml) if row.recovered_ml else NOTHING),
        CellText(grouped(row.fuellings)),
        CellText(money(row.amount_vnd)),
        CellText(said, tone, shape),
    )


def _litres(volume_ml: int | None) -> str:
    return NOTHING if volume_ml is None else litres(volume_ml)


def fuellings(words: Catalogue, shift: ShiftSnapshot | None) -> TableData:
    """The fuellings behind the row that was opened."""
    say = words.say
    columns = (
        Column(say("shift.column.time"), 70),
        Column(say("shift.column.litres"), 84, right=True),
        Column(say("shift.column.price"), 104, right=True, rank=1),
        Column(say("shift.column.amount"), 118, right=True),
        Column(say("shift.column.end"), 112, right=True, rank=2),
        Column(say("shift.column.outcome"), 140, grows=True),
        Column(say("shift.column.receipt"), 244, rank=3),
    )
    rows = tuple(TableRow(str(f.fuelling_id), _fuelling(words, f)) for f in shift.drill_fuellings) if shift else ()
    return TableData(columns, rows, say("shift.no_fuellings"))


def _fuelling(words: Catalogue, fuelling: NozzleFuelling) -> tuple[CellText, ...]:
    tone, shape = _OUTCOME.get(fuelling.outcome, (Tone.UNKNOWN, Shape.QUESTION))
    name = f"shift.outcome.{fuelling.outcome}"
    said = words.say(name) if words.knows(name) else fuelling.outcome
    if fuelling.recovered:
        said = f"{said} · {words.say('shift.outcome.recovered')}"
        tone, shape = (Tone.UNKNOWN, Shape.BANG) if tone is Tone.NEUTRAL else (tone, shape)
    return (
        CellText(clock(fuelling.finished_at)),
        CellText(litres(fuelling.volume_ml)),
        CellText(grouped(fuelling.unit_price)),
        CellText(money(fuelling.amount_vnd), strong=True),
        CellText(litres(fuelling.end_totalizer_ml)),
        CellText(said, tone, shape),
        CellText(fuelling.receipt_number or NOTHING),
    )


def rows_title(words: Catalogue, shift: ShiftSnapshot | None) -> tuple[str, str]:
    """The caption of the table, and what is worth knowing of it as a whole."""
    if shift is None:
        return words.say("shift.rows"), ""
    if shift.drill is not None:
        row = next((r for r in shift.rows if (r.point, r.nozzle) == shift.drill), None)
        places = {"point": shift.drill[0], "nozzle": shift.drill[1], "grade": row.grade_name if row else ""}
        count = words.say("shift.fuellings_count", count=grouped(len(shift.drill_fuellings)))
        if row is not None and row.opening_ml is not None and row.last_ml is not None:
            readings = {"opening": litres(row.opening_ml), "last": litres(row.last_ml)}
            count = f"{words.say('shift.readings', **readings)} · {count}"
        return words.say("shift.fuellings_of", **places), count
    odd = sum(r.state in (MeterState.VARIANCE, MeterState.WENT_DOWN) for r in shift.rows)
    unread = sum(r.state is MeterState.NOT_READ for r in shift.rows)
    parts = [words.say("shift.count_rows", count=len(shift.rows))]
    parts += [words.say("shift.count_odd", count=odd)] if odd else []
    parts += [words.say("shift.count_unread", count=unread)] if unread else []
    between = sum(r.between_ml for r in shift.rows)
    parts += [words.say("shift.sold_between", litres=litres(between))] if between else []
    return words.say("shift.rows"), " · ".join(parts)


def drive_offs(words: Catalogue, snapshot: TerminalSnapshot) -> TableData:
    """Who left without paying, newest first."""
    say = words.say
    columns = (
        Column(say("shift.column.when"), 124),
        Column(say("shift.column.pump"), 80),
        Column(say("shift.column.plate"), 160),
        Column(say("shift.column.litres"), 96, right=True),
        Column(say("shift.column.amount"), 130, right=True),
    )
    ordered = sorted(snapshot.drive_offs, key=lambda d: d.at, reverse=True)
    rows = tuple(
        TableRow(
            str(d.fuelling_id),
            (
                CellText(f"{clock(d.at)} {d.at.astimezone(VIETNAM).strftime('%d/%m')}"),
                CellText(words.say("shift.pump", point=d.point), strong=True),
                CellText(d.masked_plate or words.say("shift.no_plate")),
                CellText(litres(d.volume_ml)),
                CellText(money(d.amount_vnd), strong=True),
            ),
        )
        for d in ordered
    )
    return TableData(columns, rows, say("shift.no_drive_offs"))
