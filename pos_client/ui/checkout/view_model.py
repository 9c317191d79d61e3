"""The sale card and the tender keys in words: what is owed, what was given, what paying would bring."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import money, points
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.paper import Line
from pos_client.domain.receipt import Receipt
from pos_client.domain.receipt_layout import layout
from pos_client.domain.redemption import Flow
from pos_client.domain.tender import TenderKind
from pos_client.services.snapshots import CustomerState, PriceMark, SaleSnapshot, TerminalSnapshot, UnpaidFuelling
from pos_client.ui.loyalty.view_model import IN_FLIGHT
from pos_client.ui.tone import Tone
from pos_client.ui.wording import age, said_litres, seconds_left
from pos_client.value import dataclass

TENDER_KEYS: tuple[tuple[TenderKind, str], ...] = (
    (TenderKind.CASH, "F9"),
    (TenderKind.QR, "F10"),
    (TenderKind.CARD, "F11"),
)


def tenders_open(snapshot: TerminalSnapshot) -> bool:
    """Whether money can be taken now: something is due, and no points of this sale are between hold and answer."""
    sale, panel = snapshot.sale, snapshot.points_panel
    if not snapshot.ready or sale is None or sale.due_vnd <= 0:
        return False
    return panel is None or panel.flow is not Flow.PAY or panel.phase not in IN_FLIGHT


BEGINNINGS = ("scan", "identify", "preset", "authorise", "more")
"""What can be done with no sale open, beside opening one."""
NAMINGS = ("scan", "identify", "customer")
"""How a customer is named."""
CLAIM_SHOWN_S = 30
"""An untouched sale says only so shortly before its end that it will be given back."""
PAPER_COLUMNS = 48
"""As wide as the card lets a receipt be."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the story: label left, figure right. `strong` rows are the ones to read from afar; one with a `cap`
    says what that key, or hand, does here."""

    label: str
    figure: str = ""
    tone: Tone = Tone.NEUTRAL
    strong: bool = False
    cap: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What is special about the fuelling in hand, and what to do about it."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class SaleView:
    """The head of the card and the rows below it. Without a sale: what just happened, or how to begin."""

    where: str = ""
    aside: str = ""
    amount: str = ""
    litres: str = ""
    empty_title: str = ""
    empty_hint: str = ""
    note: str = ""
    note_tone: Tone = Tone.NEUTRAL
    advice: Advice | None = None
    rows: tuple[Row, ...] = ()
    paper: tuple[Line, ...] = ()
    """the last receipt, as it is printed"""
    has_sale: bool = False


def sale_view(words: Catalogue, snapshot: TerminalSnapshot | None, now: int) -> SaleView:
    """The card for the open sale, else for the last receipt, else the empty one with what waits to be sold."""
    if snapshot is None or not snapshot.ready:
        return SaleView(empty_title=words.say("empty.starting"), empty_hint=words.say("empty.starting_hint"))
    sale = snapshot.sale
    if sale is None:
        if snapshot.receipt is None:
            rows = (*_waiting_rows(words, snapshot, now), *_ways(words, "begin", BEGINNINGS))
            return SaleView(empty_title=words.say("sale.empty"), empty_hint=words.say("sale.empty_hint"), rows=rows)
        return _last(words, snapshot.receipt)
    note, note_tone = words.say("sale.receipt", number=sale.receipt_number), Tone.NEUTRAL
    if sale.gift:
        note += " · " + words.say("sale.gift")
    left = seconds_left(sale.claim_until_ticks_ms, now)
    if left is not None and left <= CLAIM_SHOWN_S and not sale.tenders:
        note, note_tone = words.say("sale.claim_ends", seconds=left), Tone.UNKNOWN
    return SaleView(
        where=words.say("sale.where", point=sale.point, nozzle=sale.nozzle, grade=sale.grade_name),
        aside=words.say("unit.price", price=money(sale.unit_price)),
        amount=money(sale.amount_vnd),
        litres=said_litres(words, sale.volume_ml),
        note=note,
        note_tone=note_tone,
        advice=advice(words, snapshot, sale),
        rows=(*_tender_rows(words, sale), *_earn_rows(words, snapshot, sale)),
        has_sale=True,
    )


def advice(words: Catalogue, snapshot: TerminalSnapshot, sale: SaleSnapshot) -> Advice | None:
    """What must be known of this fuelling before it is sold; a recovered one first, for its money is ours to prove."""
    places = {
        "litres": said_litres(words, sale.volume_ml),
        "price": words.say("unit.price", price=money(sale.unit_price)),
        "amount": money(sale.amount_vnd),
    }
    if sale.recovered:
        return Advice(words.say("advice.recovered", **places), words.say("advice.recovered_do"))
    if sale.price_mark is PriceMark.NONE:
        return None
    name = f"advice.{sale.price_mark.value}"
    listed = next((p.unit_price for p in snapshot.prices if p.name == sale.grade_name), None)
    known = listed is not None and listed != sale.unit_price
    title = words.say(f"{name}_listed", listed=words.say("unit.price", price=money(listed or 0)), **places)
    return Advice(title if known else words.say(name, **places), words.say(f"{name}_do"))


def _waiting_rows(words: Catalogue, snapshot: TerminalSnapshot, now: int) -> tuple[Row, ...]:
    free = [(p, u) for p in snapshot.points for u in p.unpaid if not u.holder]
    waiting = sorted(((u.since_ticks_ms, int(p.point), u) for p, u in free), key=_by_age)
    return tuple(
        Row(
            words.say("sale.waiting", point=number, grade=fuelling.grade_name, age=age(words, now - since)),
            money(fuelling.amount_vnd),
        )
        for since, number, fuelling in waiting
    )


def _by_age(waiting: tuple[int, int, UnpaidFuelling]) -> tuple[int, int]:
    return waiting[0], waiting[1]


def _tender_rows(words: Catalogue, sale: SaleSnapshot) -> tuple[Row, ...]:
    """What was taken already and what is still due; nothing taken: nothing to say, the amount stands above."""
    if not sale.tenders:
        return ()
    rows = [
        Row(
            words.say(f"tender.{tender.kind.value}"),
            f"− {money(tender.amount_vnd)}",
            Tone.DONE if tender.kind is TenderKind.POINTS else Tone.NEUTRAL,
        )
        for tender in sale.tenders
    ]
    if sale.due_vnd > 0:
        return (*rows, Row(words.say("sale.due"), money(sale.due_vnd), strong=True))
    return (*rows, Row(words.say("sale.settled"), money(0), Tone.DONE, strong=True))


def _ways(words: Catalogue, group: str, names: tuple[str, ...]) -> tuple[Row, ...]:
    return tuple(Row(words.say(f"ways.{group}.{name}"), cap=words.say(f"ways.{group}.{name}_key")) for name in names)


def _earn_rows(words: Catalogue, snapshot: TerminalSnapshot, sale: SaleSnapshot) -> tuple[Row, ...]:
    """The points formula, one line for each different one: a QR and a card earn alike and are said together. While
    nobody is named: what it would bring, and how somebody is.

    Once something was taken the room belongs to what is still due; the tender keys go on saying what they bring.
    """
    if sale.due_vnd <= 0 or sale.tenders:
        return ()
    if snapshot.customer is None:
        return (*_would_earn(words, sale), *_ways(words, "name", NAMINGS))
    by_formula: dict[tuple[int, str], list[str]] = {}
    for preview in sale.previews:
        formula = preview.formula_en if words.language == "en" else preview.formula_vi
        by_formula.setdefault((preview.points, formula), []).append(words.say(f"tender.{preview.kind.value}"))
    return tuple(
        Row(f"{', '.join(names)}: {formula}", words.say("unit.points_plus", points=points(count)), Tone.DONE)
        for (count, formula), names in by_formula.items()
    )


def _would_earn(words: Catalogue, sale: SaleSnapshot) -> tuple[Row, ...]:
    """Quietly: it is not confirmed, and nobody's yet."""
    by_points: dict[int, list[str]] = {}
    for preview in sale.previews:
        if preview.points:
            by_points.setdefault(preview.points, []).append(words.say(f"tender.{preview.kind.value}"))
    return tuple(
        Row(words.say("sale.would_earn", tenders=", ".join(names)), words.say("unit.points_plus", points=points(count)))
        for count, names in by_points.items()
    )


def _last(words: Catalogue, receipt: Receipt) -> SaleView:
    return SaleView(
        where=words.say("sale.last_title"),
        aside=words.say("sale.reprint"),
        amount=money(receipt.amount_vnd),
        litres=said_litres(words, receipt.volume_ml),
        note=f"{words.say('sale.receipt', number=receipt.receipt_number)} · "
        + words.say("sale.where", point=receipt.point, nozzle=receipt.nozzle, grade=receipt.grade_name),
        paper=layout(receipt, words, PAPER_COLUMNS),
    )


def balance_after(receipt: Receipt) -> int | None:
    """The newest balance central told for this sale; None when it told none."""
    if receipt.earned is not None and receipt.earned.balance_after is not None:
        return receipt.earned.balance_after
    return receipt.spent.balance_after if receipt.spent is not None else None


@dataclass(frozen=True, slots=True)
class TenderView:
    """One tender key."""

    kind: TenderKind
    key: str
    name: str
    earns: str = ""
    earns_tone: Tone = Tone.NEUTRAL
    enabled: bool = False


@dataclass(frozen=True, slots=True)
class PadView:
    """The tender pad: a caption that says what the keys will take, and the keys."""

    caption: str
    keys: tuple[TenderView, ...]


def pad_view(words: Catalogue, snapshot: TerminalSnapshot) -> PadView:
    """F9, F10, F11 and what each would bring. Offline the points wait, and the key says so before it is pressed."""
    sale, enabled = snapshot.sale, tenders_open(snapshot)
    offline = snapshot.status.central is LinkState.DOWN
    keys = tuple(
        TenderView(kind, key, words.say(f"tender.{kind.value}"), *_earns(words, snapshot, kind, offline), enabled)
        for kind, key in TENDER_KEYS
    )
    return PadView(_caption(words, snapshot, sale, enabled, offline), keys)


def _earns(words: Catalogue, snapshot: TerminalSnapshot, kind: TenderKind, offline: bool) -> tuple[str, Tone]:
    sale, customer = snapshot.sale, snapshot.customer
    if sale is None or sale.due_vnd <= 0:
        return "", Tone.NEUTRAL
    if customer is None:
        return words.say("tender.no_customer"), Tone.NEUTRAL
    preview = next((p for p in sale.previews if p.kind is kind), None)
    if preview is None or preview.points == 0:
        return words.say("tender.no_earn"), Tone.NEUTRAL
    pending = offline or customer.state is CustomerState.UNVERIFIED
    name = "tender.earn_pending" if pending else "tender.earn"
    return words.say(name, points=points(preview.points)), Tone.UNKNOWN if pending else Tone.DONE


def _caption(
    words: Catalogue, snapshot: TerminalSnapshot, sale: SaleSnapshot | None, enabled: bool, offline: bool
) -> str:
    if sale is None:
        return ""
    if sale.due_vnd <= 0:
        return words.say("tender.done")
    if not enabled:
        return words.say("tender.blocked")
    due = money(sale.due_vnd)
    if sale.tenders:
        said = words.say("tender.rest", amount=due)
    elif snapshot.customer is not None and snapshot.customer.methods:
        said = words.say("tender.all_without_points", amount=due)
    else:
        said = words.say("tender.all", amount=due)
    return f"{said} · {words.say('tender.offline')}" if offline and snapshot.customer is not None else said
