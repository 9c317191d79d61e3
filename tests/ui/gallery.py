"""Every state of both windows that a person should have looked at, by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from pos_client.domain.fuelling_point import FuellingPointState as State
from pos_client.domain.fuelling_point import LinkState as Link
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.sale_type import SaleType
from pos_client.domain.staff import Deed
from pos_client.ports.reports import PrinterState
from pos_client.services import snapshots as s
from pos_client.services.operation_snapshots import StaffAsk
from pos_client.services.queue_snapshots import QueuePage
from pos_client.services.radar_snapshots import RadarPage
from pos_client.services.shift_snapshots import ShiftPhase
from pos_client.ui.more.steps import Ask, Step
from pos_client.ui.shift.keys import Tab
from tests.ui import sample as x

D = s.DialogueState

_WAITING = x.PANELS["waiting"]
_GIFT_POINTS = (
    x.point(1, State.AUTHORISED, gift=True, preset_vnd=186_400, grade_name=x.E10),
    x.point(2, State.FUELLING, gift=True, preset_vnd=186_400, amount_vnd=120_000, volume_ml=4430),
    x.point(3, State.STARTED),
    x.point(4, State.SUSPENDED_FUELLING, amount_vnd=12_000, volume_ml=440, unpaid=(x.unpaid(),)),
)
_TROUBLED = (
    x.point(1, link=Link.PROBING),
    x.point(2, State.INOPERATIVE),
    x.point(3, State.CLOSED),
    x.point(4, link=Link.DEGRADED),
    x.point(5, link=Link.DOWN, age_s=754, unpaid=(x.unpaid(),)),
    x.point(6, State.CALLING, age_s=95, unpaid=(x.unpaid(),)),
)

_LIFE = (
    x.point(1, State.CALLING, age_s=27, rises=True),
    x.point(2, State.SUSPENDED_FUELLING, amount_vnd=68_250, volume_ml=2610, stopped=True),
    x.point(3, State.FUELLING, amount_vnd=312_000, volume_ml=11_520, preset_ml=20_000),
    x.point(4, State.FUELLING, amount_vnd=541_600, volume_ml=20_000, sale_type=SaleType.PUMP_TEST),
    x.point(5, State.CALLING, age_s=9, price_mismatch=True),
    x.point(6, unpaid=(x.unpaid(holder="T2", held_until_ticks_ms=x.NOW + 74_000),)),
)
_DOUBTFUL = (
    x.point(1, unpaid=(x.unpaid(recovered=True),)),
    x.point(2, unpaid=(x.unpaid(price_mark=s.PriceMark.CROSSED),)),
    x.point(3, unpaid=(x.unpaid(price_mark=s.PriceMark.MISMATCH), x.unpaid(n=2, holder="T2"))),
    x.point(4, stopped=True),
    x.point(5, price_mismatch=True),
    x.point(6, State.AUTHORISED, preset_ml=20_000, sale_type=SaleType.PUMP_TEST),
)
_RECOVERED = replace(x.SALE, recovered=True, volume_ml=4_120, amount_vnd=111_570, due_vnd=111_570)
_STOPPED = tuple(
    x.point(n, State.SUSPENDED_FUELLING if n % 3 == 2 else State.IDLE, stopped=True, amount_vnd=68_250, volume_ml=2610)
    for n in range(1, 7)
)


def _crowded_life() -> tuple[s.PointSnapshot, ...]:
    """Thirty-two points, and everything that can be said of one."""
    return tuple(
        replace(special, point=made.point) if special is not None else made
        for made, special in zip(x.crowd(32), (*_LIFE, *_DOUBTFUL, *_STOPPED[:2], *[None] * 18), strict=True)
    )


CASHIER: dict[str, s.TerminalSnapshot | None] = {
    "before-first": None,
    "recovering": x.terminal(ready=False, points=(), status=x.status(points_up=0)),
    "no-points": x.terminal(points=(), status=x.status(points_up=0, points_total=0, printer=PrinterState.ABSENT)),
    "idle": x.terminal(points=tuple(x.point(n, last_at=x.WALL, last_amount_vnd=95_400 * n) for n in range(1, 5))),
    "busy": x.terminal(),
    "last-receipt": x.terminal(receipt=x.RECEIPT),
    "last-receipt-pending": x.terminal(
        receipt=replace(
            x.RECEIPT,
            earned=replace(x.RECEIPT.earned, confirmed=False, balance_after=None),  # type: ignore[type-var]
            spent=None,
        )
    ),
    "sale-no-customer": x.selling(customer=None, points_panel=None),
    "sale": x.selling(),
    "sale-looking-up": x.selling(customer=x.LOOKING_UP, points_panel=None),
    "sale-blocked": x.selling(customer=x.BLOCKED, points_panel=None),
    "sale-driver": x.selling(customer=x.DRIVER, points_panel=None),
    "sale-after-points": x.selling(sale=x.AFTER_POINTS, points_panel=x.PANELS["done"]),
    "offline": x.selling(
        status=x.OFFLINE,
        points_panel=x.PANELS["unknown"],
        notice=s.Notice("points_need_network", s.Severity.WARNING),
    ),
    "offline-unverified": x.selling(status=x.OFFLINE, customer=x.UNVERIFIED, points_panel=x.PANELS["impossible"]),
    "notice-radar": x.terminal(
        notice=s.Notice("radar_often", s.Severity.WARNING, (("customer", "000 *** 821"), ("count", 6), ("most", 4)))
    ),
    "notice-error": x.selling(notice=s.Notice("store_failed", s.Severity.ERROR), status=x.status(store_ok=False)),
    "notice-done": x.terminal(
        notice=s.Notice("sale_done", s.Severity.DONE, (("amount", 350_000), ("receipt", "CHXD018-T1-000230"))),
        receipt=x.RECEIPT,
    ),
    "strip-full": x.terminal(
        status=x.status(
            central=Link.DEGRADED,
            points_up=4,
            printer=PrinterState.FAILED,
            keypad=False,
            queue=s.QueueSnapshot(248, 3, 2, x.NOW - 7_260_000),
        )
    ),
    "gift-permit": x.terminal(customer=x.CUSTOMER, points_panel=x.PANELS["permit"]),
    "gift-points": x.terminal(points=_GIFT_POINTS, customer=x.CUSTOMER, points_panel=x.PANELS["fuelling"]),
    "troubled": x.terminal(points=_TROUBLED),
    "life": x.terminal(points=_LIFE),
    "doubtful": x.terminal(points=_DOUBTFUL),
    "stopped-all": x.terminal(points=_STOPPED, notice=s.Notice("stopped_all", s.Severity.WARNING)),
    "life-32": x.terminal(points=_crowded_life()),
    "no-shift": x.terminal(shift=None),
    "shift-closing": x.terminal(shift=x.shift(ShiftPhase.COUNTING)),
    "recovered-sale": x.selling(sale=_RECOVERED, customer=None, points_panel=None),
    "crossed-sale": x.selling(sale=replace(x.SALE, price_mark=s.PriceMark.CROSSED, unit_price=26_700)),
    "mismatch-sale": x.selling(sale=replace(x.SALE, price_mark=s.PriceMark.MISMATCH, unit_price=26_700)),
    "recovered-sale-part-paid": x.selling(sale=replace(_RECOVERED, tenders=x.CASH_PART, due_vnd=61_570)),
    "claim-ends": x.selling(sale=replace(x.SALE, claim_until_ticks_ms=x.NOW + 24_000)),
    "points-12": x.terminal(points=x.crowd(12)),
    "points-16": x.terminal(points=x.crowd(16)),
    "points-32": x.selling(points=x.crowd(32)),
    **{f"panel-{name}": x.selling(points_panel=view) for name, view in x.PANELS.items()},
}


def _talk(state: D, **more: object) -> s.TerminalSnapshot:
    inside = {key: more.pop(key) for key in tuple(more) if key in s.DialogueSnapshot.__dataclass_fields__}
    return x.selling(**({"dialogue": x.dialogue(state, **inside)} | more))


_RUNNING = (
    x.point(1),
    x.point(2, State.FUELLING, amount_vnd=68_250, volume_ml=2610),
    x.point(3, State.SUSPENDED_FUELLING, amount_vnd=1_204_500, volume_ml=38_742),
)
_ALL_RUN = tuple(x.point(n, State.FUELLING, amount_vnd=98_250 * n, volume_ml=3_610 * n) for n in range(1, 13))

CUSTOMER: dict[str, s.TerminalSnapshot | None] = {
    "starting": None,
    "welcome": x.terminal(dialogue=x.dialogue(D.WELCOME)),
    "welcome-six-grades": x.terminal(dialogue=x.dialogue(D.WELCOME), prices=x.SIX_PRICES),
    "welcome-no-prices": x.terminal(dialogue=x.dialogue(D.WELCOME), prices=(), programme=None),
    "welcome-pumps-run": x.terminal(points=_RUNNING, dialogue=x.dialogue(D.WELCOME)),
    "welcome-many-run": x.terminal(points=_ALL_RUN, dialogue=x.dialogue(D.WELCOME), prices=x.SIX_PRICES),
    "mirror": x.terminal(dialogue=x.dialogue(D.MIRROR, point=PointId(2))),
    "identify-empty": _talk(D.IDENTIFY, point=PointId(1), customer=None, points_panel=None),
    "identify": _talk(D.IDENTIFY, point=PointId(1), entered="091200000", customer=None, points_panel=None),
    "looking-up": _talk(
        D.LOOKING_UP,
        point=PointId(1),
        customer=x.LOOKING_UP,
        points_panel=None,
        deadline_ticks_ms=x.NOW + 17_000,
    ),
    "confirm": _talk(
        D.CONFIRM,
        point=PointId(1),
        amounts=((1, 186_400), (2, 41_200), (3, 50_000), (4, 0)),
        customer=replace(x.CUSTOMER, confirmed_by_customer=False),
    ),
    "confirm-driver": _talk(D.CONFIRM, point=PointId(1), customer=x.DRIVER),
    "amount": _talk(D.AMOUNT, point=PointId(1), amounts=((1, 186_400), (2, 12_300), (3, 50_000), (4, 0))),
    "amount-other": _talk(D.AMOUNT_OTHER, point=PointId(1), entered="75000"),
    "amount-other-too-little": _talk(
        D.AMOUNT_OTHER,
        point=PointId(1),
        notice=s.Notice("points_below_minimum", s.Severity.WARNING, (("minimum", 100),)),
    ),
    "identify-unknown": _talk(
        D.IDENTIFY,
        point=PointId(1),
        customer=None,
        points_panel=None,
        notice=s.Notice("central_unknown-customer", s.Severity.WARNING, (("id", "0912 *** 009"),)),
    ),
    "identify-left": _talk(
        D.IDENTIFY,
        point=PointId(1),
        entered="09120",
        deadline_ticks_ms=x.NOW + 14_000,
        customer=None,
        points_panel=None,
    ),
    "otp-anew": _talk(
        D.SECRET,
        point=PointId(1),
        points_panel=_WAITING,
        deadline_ticks_ms=x.NOW + 88_000,
        notice=s.Notice("secret_begin_anew", s.Severity.WARNING),
    ),
    "otp": _talk(D.SECRET, point=PointId(1), secret_length=3, points_panel=_WAITING, deadline_ticks_ms=x.NOW + 162_000),
    "otp-wrong": _talk(
        D.SECRET,
        point=PointId(1),
        points_panel=x.PANELS["waiting-wrong"],
        deadline_ticks_ms=x.NOW + 47_000,
        notice=s.Notice("central_credential-wrong", s.Severity.WARNING, (("left", 2),)),
    ),
    "driver-pin": _talk(
        D.SECRET,
        point=PointId(1),
        customer=x.DRIVER,
        secret_length=6,
        points_panel=replace(_WAITING, method=x.DRIVER.methods[0], points=350_000),
        deadline_ticks_ms=x.NOW + 47_000,
    ),
    "pin-on-keypad": _talk(
        D.SECRET,
        point=PointId(1),
        secret_length=4,
        points_panel=_WAITING,
        deadline_ticks_ms=x.NOW + 52_000,
        on_device=True,
    ),
    "keypad-lost": _talk(
        D.KEYPAD_LOST, point=PointId(1), points_panel=_WAITING, deadline_ticks_ms=x.NOW + 47_000, on_device=True
    ),
    "organisation-pin": _talk(
        D.SECRET,
        point=PointId(1),
        customer=x.ORGANISATION,
        secret_length=2,
        points_panel=replace(_WAITING, method=x.ORGANISATION.methods[0], points=350_000, rest_due_vnd=0),
        deadline_ticks_ms=x.NOW + 52_000,
    ),
    "identify-or-pay": _talk(D.IDENTIFY, point=PointId(1), customer=None, points_panel=None, sale=x.PAYABLE),
    "pay": _talk(D.PAY, point=PointId(1), customer=None, points_panel=None, sale=x.PAYABLE),
    "served-pay": _talk(D.WAIT, point=PointId(1), sale=x.PAYABLE, points_panel=None),
    "rest-pay": _talk(
        D.WAIT,
        point=PointId(1),
        sale=replace(x.AFTER_POINTS, pay_code=x.PAY_CODE, paid_to=x.PAYABLE.paid_to),
        points_panel=x.PANELS["done"],
    ),
    "wait": _talk(D.WAIT, point=PointId(1), points_panel=x.PANELS["verifying"], deadline_ticks_ms=x.NOW + 16_000),
    "served": _talk(D.WAIT, point=PointId(1)),
    "served-after-points": _talk(D.WAIT, point=PointId(1), sale=x.AFTER_POINTS, points_panel=x.PANELS["done"]),
    "choose-pump": _talk(D.CHOOSE_PUMP, sale=None, points_panel=x.PANELS["permit"], deadline_ticks_ms=x.NOW + 95_000),
    "unknown": _talk(D.UNKNOWN, point=PointId(1), points_panel=x.PANELS["unknown"], deadline_ticks_ms=x.NOW + 11_000),
    "result": x.terminal(dialogue=x.dialogue(D.RESULT, deadline_ticks_ms=x.NOW + 12_000), receipt=x.RECEIPT),
    "result-pending": x.terminal(
        dialogue=x.dialogue(D.RESULT, deadline_ticks_ms=x.NOW + 12_000),
        receipt=replace(
            x.RECEIPT,
            earned=replace(x.RECEIPT.earned, confirmed=False, balance_after=None),  # type: ignore[type-var]
            spent=None,
        ),
    ),
    "refused": _talk(
        D.REFUSED,
        point=PointId(1),
        notice=s.Notice("outcome_given_back", s.Severity.UNKNOWN, (("points", 186_400),)),
    ),
    "offline": _talk(D.OFFLINE, point=PointId(1), customer=x.UNVERIFIED, status=x.OFFLINE, points_panel=None),
}


@dataclass(frozen=True)
class Scene:
    """A moment that is more than a snapshot: the strip's question, or a side of the shift's page, and what is typed."""

    snapshot: s.TerminalSnapshot | None
    step: Step | None = None
    tab: Tab | None = None
    typed: str = ""


_MENU = Step(Ask.MENU)
_SALE = x.SALE.sale_id
_CALLING = x.terminal(points=(*_LIFE[:4], x.point(5, State.CALLING, age_s=9), x.point(6)))
_DRILLED = x.shift(drill=(PointId(1), NozzleId(2)), drill_fuellings=x.FUELLINGS)
_CROWD_SHIFT = x.shift(rows=x.nozzle_rows(32))
_PUMPS_AGREE = tuple(
    x.point(n, pump_prices=((NozzleId(1), 27_080), (NozzleId(2), 26_190)) if n < 5 else ((NozzleId(1), 31_090),))
    for n in range(1, 7)
)
_PUMPS_DIFFER = (
    *_PUMPS_AGREE[:2],
    replace(_PUMPS_AGREE[2], price_mismatch=True, pump_prices=((NozzleId(1), 26_700), (NozzleId(2), 26_190))),
    *_PUMPS_AGREE[3:5],
    x.point(6, link=Link.DOWN),
)

_QUEUED = x.status(queue=s.QueueSnapshot(2, 1, 3, x.NOW - 2_000_000, s.TailSnapshot(12, x.WALL - timedelta(minutes=4))))

SCENES: dict[str, Scene] = {
    "menu": Scene(x.terminal(drive_offs=x.DRIVE_OFFS), _MENU),
    "menu-sale": Scene(x.selling(customer=None, points_panel=None), _MENU),
    "menu-sale-paid-in-part": Scene(x.selling(sale=x.AFTER_POINTS, points_panel=x.PANELS["done"]), _MENU),
    "menu-stopped": Scene(x.terminal(points=_STOPPED, shift=None), _MENU),
    "menu-starting": Scene(x.terminal(ready=False, points=()), _MENU),
    "menu-32": Scene(x.selling(points=x.crowd(32)), _MENU),
    "plate": Scene(
        x.selling(customer=None, points_panel=None), Step(Ask.PLATE, _SALE, before=_MENU), typed="29C-123.45"
    ),
    "test-sale": Scene(x.selling(customer=None, points_panel=None), Step(Ask.TEST_SALE, _SALE, before=_MENU)),
    "test-point": Scene(x.terminal(), Step(Ask.TEST_POINT, before=_MENU)),
    "stop-point": Scene(x.terminal(), Step(Ask.STOP_POINT, before=_MENU)),
    "till": Scene(x.selling(customer=None, points_panel=None), Step(Ask.TILL, _SALE, before=_MENU)),
    "reason": Scene(x.terminal(points=_STOPPED), Step(Ask.REASON)),
    "reason-one": Scene(x.terminal(points=_STOPPED), Step(Ask.REASON, point=PointId(2))),
    "preset": Scene(_CALLING, Step(Ask.PRESET)),
    "preset-typed": Scene(_CALLING, Step(Ask.PRESET), typed="350000"),
    "preset-litres": Scene(_CALLING, Step(Ask.PRESET, litres=True), typed="20,5"),
    "preset-point": Scene(_CALLING, Step(Ask.PRESET_POINT, preset_vnd=200_000, before=Step(Ask.PRESET))),
    "preset-point-nobody": Scene(x.terminal(points=(x.point(1),)), Step(Ask.PRESET_POINT, preset_ml=20_500)),
    "radar": Scene(x.terminal(radar=x.SIGNS)),
    "radar-none": Scene(x.terminal(radar=RadarPage())),
    "radar-reading": Scene(x.terminal(radar=RadarPage(reading=True))),
    "operations": Scene(x.terminal(operations=x.OPERATIONS)),
    "operations-none": Scene(x.terminal(operations=())),
    "undo": Scene(x.terminal(), Step(Ask.UNDO, operation=x.OPERATIONS[1])),
    "staff-pin": Scene(x.terminal(staff_ask=StaffAsk(Deed.REVERSE, 3)), Step(Ask.STAFF)),
    "staff-pin-wrong": Scene(
        x.terminal(
            staff_ask=StaffAsk(Deed.OPEN_SHIFT),
            notice=s.Notice("staff_wrong", s.Severity.WARNING, (("left", 4), ("minutes", 1))),
        ),
        Step(Ask.STAFF),
    ),
    "closing": Scene(x.terminal(points=(x.point(1),), shift=None), Step(Ask.CLOSE_TILL)),
    "closing-busy": Scene(
        x.selling(points=_GIFT_POINTS, status=_QUEUED, points_panel=x.PANELS["waiting"]), Step(Ask.CLOSE_TILL)
    ),
    "closing-paid-in-part": Scene(
        x.selling(sale=x.AFTER_POINTS, points_panel=x.PANELS["done"], points=_LIFE), Step(Ask.CLOSE_TILL)
    ),
    "closing-pin": Scene(x.terminal(staff_ask=StaffAsk(Deed.CLOSE_TILL, 2)), Step(Ask.STAFF)),
    "queue-empty": Scene(x.terminal(queue_page=x.queue_page(0)), tab=Tab.QUEUE),
    "queue": Scene(x.terminal(status=_QUEUED, queue_page=x.queue_page()), tab=Tab.QUEUE),
    "queue-noted": Scene(
        x.terminal(status=_QUEUED, queue_page=QueuePage(0, 4, x.queue_page().rows[1:])), tab=Tab.QUEUE
    ),
    "queue-offline": Scene(
        x.terminal(status=x.OFFLINE, queue_page=QueuePage(0, 1, x.queue_page().rows[4:])), tab=Tab.QUEUE
    ),
    "queue-huge": Scene(
        x.terminal(
            status=x.status(queue=s.QueueSnapshot(10_000, 3, 12, x.NOW - 8_000_000)),
            queue_page=x.queue_page(20, total=10_012, offset=40),
        ),
        tab=Tab.QUEUE,
    ),
    "shift-none": Scene(x.terminal(shift=None), tab=Tab.SHIFT),
    "shift-opening": Scene(
        x.terminal(
            shift=x.shift(
                ShiftPhase.OPENING,
                rows=(),
                tenders=(),
                unread_points=(PointId(6),),
                sales=0,
                volume_ml=0,
                amount_vnd=0,
                unpaid=0,
                drive_offs=0,
                waiting_records=0,
            )
        ),
        tab=Tab.SHIFT,
    ),
    "shift-open": Scene(x.terminal(drive_offs=x.DRIVE_OFFS), tab=Tab.SHIFT),
    "shift-open-calm": Scene(
        x.terminal(shift=x.shift(rows=x.nozzle_rows(1), unpaid=0, drive_offs=0, waiting_records=0)), tab=Tab.SHIFT
    ),
    "shift-32": Scene(x.terminal(points=x.crowd(32), shift=_CROWD_SHIFT), tab=Tab.SHIFT),
    "shift-offline": Scene(x.terminal(status=x.OFFLINE, shift=x.shift(waiting_records=248)), tab=Tab.SHIFT),
    "shift-reading": Scene(
        x.terminal(
            shift=x.shift(ShiftPhase.READING, deadline_ticks_ms=x.NOW + 12_000, unread_points=(PointId(5), PointId(6)))
        ),
        tab=Tab.SHIFT,
    ),
    "shift-counting": Scene(x.terminal(shift=x.shift(ShiftPhase.COUNTING, unread_points=(PointId(6),))), tab=Tab.SHIFT),
    "shift-counted-short": Scene(x.terminal(shift=x.shift(ShiftPhase.COUNTING)), tab=Tab.SHIFT, typed="12300000"),
    "shift-counted-equal": Scene(x.terminal(shift=x.shift(ShiftPhase.COUNTING)), tab=Tab.SHIFT, typed="12350000"),
    "shift-closed": Scene(
        x.terminal(
            shift=x.shift(ShiftPhase.CLOSED, closed_at=x.WALL, cash_counted_vnd=12_370_000, unread_points=(PointId(6),))
        ),
        tab=Tab.SHIFT,
    ),
    "shift-before-matched": Scene(
        x.terminal(shift=x.shift(shift_id="next", cashier="Trần Bình"), stated_shift=x.stated("matched")), tab=Tab.SHIFT
    ),
    "shift-before-differs": Scene(
        x.terminal(shift=x.shift(shift_id="next", cashier="Trần Bình"), stated_shift=x.STATED_OTHERWISE), tab=Tab.SHIFT
    ),
    "shift-closed-differs": Scene(
        x.terminal(
            shift=x.shift(ShiftPhase.CLOSED, closed_at=x.WALL, cash_counted_vnd=12_350_000),
            stated_shift=x.STATED_OTHERWISE,
        ),
        tab=Tab.SHIFT,
    ),
    "shift-none-differs": Scene(x.terminal(shift=None, stated_shift=x.STATED_OTHERWISE), tab=Tab.SHIFT),
    "certificate": Scene(x.terminal(certificate_page=x.certificate_page()), tab=Tab.CERTIFICATE),
    "certificate-open": Scene(
        x.terminal(
            certificate_page=x.certificate_page(
                replace(x.CERTIFICATE, acknowledged=1_180, waiting=12, unchecked=40, key_trouble="secrets_locked"),
                printed=True,
            )
        ),
        tab=Tab.CERTIFICATE,
    ),
    "certificate-broken": Scene(
        x.terminal(
            notice=s.Notice("certificate_sent", s.Severity.INFO),
            certificate_page=x.certificate_page(
                replace(x.CERTIFICATE, broken_at=18_300, broken_why="missing", signed=None)
            ),
        ),
        tab=Tab.CERTIFICATE,
    ),
    "certificate-making": Scene(x.terminal(certificate_page=x.certificate_page(None)), tab=Tab.CERTIFICATE),
    "certificate-failed": Scene(
        x.terminal(certificate_page=x.certificate_page(None, trouble="store_corrupt")), tab=Tab.CERTIFICATE
    ),
    "shift-drill": Scene(x.terminal(shift=_DRILLED), tab=Tab.SHIFT),
    "shift-drill-empty": Scene(x.terminal(shift=x.shift(drill=(PointId(1), NozzleId(2)))), tab=Tab.SHIFT),
    "shift-notice": Scene(
        x.terminal(notice=s.Notice("shift_cash_differs", s.Severity.WARNING, (("difference", -50_000),))), tab=Tab.SHIFT
    ),
    "shift-notice-error": Scene(x.terminal(notice=s.Notice("store_failed", s.Severity.ERROR)), tab=Tab.DRIVE_OFFS),
    "drive-offs": Scene(x.terminal(drive_offs=x.DRIVE_OFFS), tab=Tab.DRIVE_OFFS),
    "drive-offs-none": Scene(x.terminal(), tab=Tab.DRIVE_OFFS),
    "prices": Scene(x.terminal(points=_PUMPS_AGREE), tab=Tab.PRICES),
    "prices-differ": Scene(x.terminal(points=_PUMPS_DIFFER), tab=Tab.PRICES),
    "prices-none": Scene(x.terminal(prices=(), points=()), tab=Tab.PRICES),
}
"""What the strip and the shift's page show; each at three sizes, in both languages and themes."""
