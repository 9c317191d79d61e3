"""What happens at a counter, step by step, as people do it: without looking whether the program keeps up.

A play asserts nothing, so it can be cut anywhere: the program dies, the disk refuses, the network eats an answer, and
the people go on with the next step or go home. The ledgers are compared afterwards (`Rig.check_ledgers`).
"""

from __future__ import annotations

from collections.abc import Callable

from pos_client.bootstrap.simulate.world import (
    CANCEL,
    DRIVER_PIN,
    OK,
    ORGANISATION,
    ORGANISATION_PIN,
    PHONE,
    VOUCHER,
    Rig,
)
from pos_client.domain.identifiers import PointId, TerminalId
from pos_client.domain.sale_type import SaleType
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m

Step = Callable[[Rig], object]
Play = tuple[Step, ...]


def fuel(point: int = 1, millilitres: int = 10_000) -> Step:
    return lambda rig: rig.fuel(point, millilitres)


def tell(*commands: object) -> Step:
    return lambda rig: rig.tell(*commands)


def keys(*typed: object) -> Step:
    return lambda rig: rig.keys(*typed)  # type: ignore[arg-type]


def wait(seconds: int) -> Step:
    return lambda rig: rig.advance(seconds * 1000, step_ms=1_000 if seconds <= 60 else 10_000)


def hands(verb: str, *arguments: int) -> Step:
    return lambda rig: rig.act(getattr(rig.forecourt, verb), *arguments)


def otp(rig: Rig) -> None:
    rig.keys(rig.code(), OK)


def identify(text: str = "000100001") -> Step:
    return tell(m.Identify(text))


TEST = m.AuthorisePoint(PointId(1), sale_type=SaleType.PUMP_TEST)
select_1, select_2 = tell(m.SelectPoint(PointId(1))), tell(m.SelectPoint(PointId(2)))
cash, card = tell(m.TakeTender(TenderKind.CASH)), tell(m.TakeTender(TenderKind.CARD))
redeem = tell(m.StartRedemption())
GIFT_PERMIT: Play = (identify(), tell(m.StartRedemption(100_000)), otp)

PLAYS: dict[str, Play] = {
    "anonymous": (fuel(), select_1, cash),
    "accrue-cash": (identify(), fuel(), select_1, cash),
    "accrue-mixed": (fuel(), select_1, keys(PHONE, OK), tell(m.TakeTender(TenderKind.QR, 70_000)), cash),
    "not-me": (fuel(), select_1, identify(), keys(0), cash),
    "redeem-otp-partly": (fuel(), select_1, identify(), tell(m.StartRedemption(50_000)), otp, cash),
    "redeem-otp-fully": (fuel(1, 5_000), select_1, identify(), redeem, otp),
    "redeem-organisation-pin": (fuel(), select_1, identify(ORGANISATION), redeem, keys(ORGANISATION_PIN, OK)),
    "redeem-driver-voucher": (fuel(2), select_2, identify(VOUCHER), redeem, keys(DRIVER_PIN, OK)),
    "wrong-otp-then-right": (fuel(), select_1, identify(), redeem, keys("000001", OK), otp, cash),
    "locked": (fuel(), select_1, identify(), redeem, *(keys("000001", OK),) * 3, card),
    "resend": (fuel(), select_1, identify(), redeem, wait(31), tell(m.ResendCode()), otp, cash),
    "walks-away": (fuel(), select_1, identify(), redeem, wait(301), cash),
    "cancel": (fuel(), select_1, identify(), redeem, keys(CANCEL), cash),
    "gift-full": (*GIFT_PERMIT, select_1, hands("lift", 1), hands("flow", 1, 99_000), hands("hang", 1)),
    "gift-partial": (*GIFT_PERMIT, select_1, hands("lift", 1), hands("flow", 1, 2_000), hands("hang", 1)),
    "gift-zero": (*GIFT_PERMIT, select_1, hands("lift", 1), hands("hang", 1)),
    "gift-not-lifted": (*GIFT_PERMIT, select_1, wait(200)),
    "gift-cancelled": (*GIFT_PERMIT, select_1, tell(m.CancelRedemption())),
    "gift-permit-unused": (*GIFT_PERMIT, wait(130)),
    "gift-power-cut": (
        *GIFT_PERMIT, select_1, hands("lift", 1), hands("flow", 1, 2_000),
        hands("cut_power", 1), wait(5), hands("restore_power", 1), hands("hang", 1), wait(5),
    ),
    "gift-blink": (
        *GIFT_PERMIT, select_1, hands("lift", 1), hands("flow", 1, 2_000), hands("blink", 1), hands("hang", 1), wait(5),
    ),
    "gift-unplugged": (
        *GIFT_PERMIT, select_1, hands("lift", 1), hands("flow", 1, 2_000), hands("unplug", 1),
        hands("flow", 1, 500), hands("hang", 1), wait(5), hands("plug", 1), wait(5),
    ),
    "gift-while-selling": (
        *GIFT_PERMIT, select_1, fuel(2, 3_000), hands("lift", 1), select_2, hands("flow", 1, 1_000),
        identify("000100004"), hands("hang", 1), redeem, lambda rig: rig.keys(rig.code("000100004"), OK), cash,
    ),
    "stacked": (fuel(1, 1_000), fuel(1, 2_000), select_1, select_1, cash, select_1, cash),
    "power-cut": (
        hands("lift", 1), tell(m.AuthorisePoint(PointId(1))), hands("flow", 1, 4_000), hands("cut_power", 1),
        wait(3), hands("restore_power", 1), hands("hang", 1), wait(3), select_1, cash,
    ),
    "shift": (
        tell(m.OpenShift("Lan")), fuel(), select_1, cash, fuel(2, 3_000), tell(m.CloseShift()), wait(25),
        tell(m.CountCash(270_800)), select_2, cash, tell(m.OpenShift("Minh")), fuel(1, 2_000), tell(m.CloseShift()),
        wait(25), tell(m.KeepShift()), select_1, cash, tell(m.CloseShift()), wait(25), tell(m.CountCash(150_000)),
    ),
    "shift-silent-pump": (
        tell(m.OpenShift("Lan")), hands("lift", 1), tell(m.AuthorisePoint(PointId(1))), hands("flow", 1, 4_000),
        hands("unplug", 1), tell(m.CloseShift()), wait(25), hands("hang", 1), tell(m.CountCash(0)), hands("plug", 1),
        tell(m.OpenShift("Minh")), wait(25), select_1, cash, tell(m.CloseShift()), wait(25), tell(m.CountCash(1)),
    ),
    "unplugged": (
        hands("lift", 1), tell(m.AuthorisePoint(PointId(1))), hands("flow", 1, 4_000), hands("unplug", 1),
        hands("flow", 1, 1_000), hands("hang", 1), wait(3), hands("plug", 1), wait(3), select_1, cash,
    ),
    "pump-test": (
        tell(TEST), hands("lift", 1), hands("flow", 1, 4_000), hands("hang", 1), fuel(1, 1_000), select_1, cash,
    ),
    "pump-test-power-cut": (
        hands("lift", 1), tell(TEST), hands("flow", 1, 4_000), hands("cut_power", 1), wait(3),
        hands("restore_power", 1), hands("hang", 1), wait(8), fuel(1, 1_000), select_1, cash,
    ),
    "pump-test-not-used": (tell(TEST), tell(m.StopFuelling(PointId(1))), wait(20), fuel(1, 1_000), select_1, cash),
    "marked-test": (fuel(1, 1_000), select_1, tell(m.MarkPumpTest())),
    "drive-off": (fuel(1, 1_000), select_1, identify(), tell(m.DriveOff("51F-123.45"))),
    "drive-off-and-back": (
        fuel(1, 1_000), select_1, tell(m.DriveOff("")),
        lambda rig: rig.tell(*(m.ReturnDriveOff(each) for each in rig.desk.state.drive_offs)), select_1, cash,
    ),
    "handed-over": (fuel(1, 1_000), select_1, tell(m.HandOver(TerminalId("T2"))), wait(181), select_1, cash),
    "lease-ended": (fuel(1, 1_000), select_1, identify(), wait(181), select_1, cash),
    "stopped-and-let-go-on": (
        hands("lift", 1), tell(m.AuthoriseAll()), hands("flow", 1, 1_000), tell(m.StopAll()),
        tell(m.RestartFuelling(m.RestartReason.CHECKED_SAFE)), hands("flow", 1, 1_000), hands("hang", 1),
        select_1, cash,
    ),
}  # fmt: skip
