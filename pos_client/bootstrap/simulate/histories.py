"""Random histories: customer, cashier, pumps, network, disk and power switch in any order; then the ledgers agree.

A step is a name and a die roll, so that a failing history shrinks to the few steps that matter. Safety is checked
while it runs (nothing sent unwritten, no arming without consent, no fact that does not follow) and after coming to
rest (I1-I8, I13); liveness too: with central back every record is delivered in bounded time (L1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import timedelta
from random import Random

from pos_client.bootstrap.simulate.books_on_disk import books_on_disk
from pos_client.bootstrap.simulate.world import (
    CANCEL,
    DRIVER_PIN,
    INDIVIDUAL,
    OK,
    ORGANISATION,
    ORGANISATION_PIN,
    PHONE,
    POOR,
    VOUCHER,
    Crash,
    Rig,
)
from pos_client.domain.identifiers import PointId, TerminalId
from pos_client.domain.sale_type import SaleType
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m

Action = Callable[[Rig, int], object]
Step = tuple[str, int]
"""an action's name, and a die roll 0..9999 it takes its choices from"""
MOST_STEPS = 40
DIE_SIDES = 10_000
TEMPERS = 32
LOOKS_EVERY = 5
ON_DISK = 16
"""One history in so many is played over the production store and a simulated disk."""
SECOND = "000100004"
PEOPLE = (INDIVIDUAL, SECOND, ORGANISATION, VOUCHER, PHONE, POOR, "000999999")
VERBS = (
    "OpenSession",
    "LookUpCustomer",
    "Quote",
    "Hold",
    "ResendChallenge",
    "Verify",
    "Capture",
    "Void",
    "Accrue",
    "SpendOffline",
    "StateShift",
    "FetchBundle",
)
LIED_ABOUT = (*VERBS, "AskTime")
PACED = (*VERBS, "AskTime", "AppendJournal")
POISONED = ("Accrue", "Capture", "Void", "SpendOffline")
FAULTS = ("not_sent", "lost", "cut", "silent", "late:2000", "late:12000", "late:90000", "problem:unavailable")
TYPED = ((), (0,), (1,), (4, "30000", OK), (OK,), (CANCEL,))
BAD_COMMANDS = ("lost", "done_unanswered", "refused", "ok")
WAITS = (1, 3, 6, 25, 35, 70, 130, 200, 310)
MOST_TICKS = 16


def point(die: int) -> int:
    """One of the two points."""
    return 1 + die % 2


def code(rig: Rig, die: int) -> None:
    """Whatever secret fits, most likely."""
    secrets = (rig.code(), rig.code(SECOND), ORGANISATION_PIN, DRIVER_PIN)
    attempt = rig.terminal._redemptions.attempt
    account = attempt.customer.reference if attempt else INDIVIDUAL
    right = {INDIVIDUAL: 0, SECOND: 1, ORGANISATION: 2}.get(account, 3)
    rig.keys(secrets[right] if die % 5 else "000000", OK)


def redeem(rig: Rig, die: int) -> None:
    """F6, with this or that amount."""
    rig.tell(m.StartRedemption((None, 50_000, 20_000, 100_000, 99)[die % 5]))


def network(rig: Rig, die: int) -> None:
    """The next answers are bad."""
    rig.central.fail(VERBS[die % len(VERBS)], *[FAULTS[die // 7 % len(FAULTS)]] * (1 + die % 3))


def paced(rig: Rig, die: int) -> None:
    """The next answers ask for patience."""
    rig.central.fail(PACED[die % len(PACED)], *[f"later:{(5, 40, 150)[die // 7 % 3]}"] * (1 + die % 2))


def liar(rig: Rig, die: int) -> None:
    """The next answers cannot be true."""
    rig.central.fail(LIED_ABOUT[die % len(LIED_ABOUT)], *[f"lie:{die // 11}"] * (1 + die % 4))


def disk(rig: Rig, die: int) -> None:
    """The disk refuses, now or soon."""
    rig.store.fault, rig.store.fail_after = ("disk_full", None) if die % 2 else (None, die % 4)


def well(rig: Rig, die: int) -> None:
    """Disk and network are well again."""
    rig.store.fault = rig.store.fail_after = None
    if die % 2:
        rig.central.down = False


def crash_soon(rig: Rig, die: int) -> None:
    """The program will be killed in the middle of something."""
    if die % 2:
        rig.store.crash_after = rig.store.commits + 1 + die % 4
    else:
        rig.crash_after_message = rig.messages + 1 + die % 12


def gift(rig: Rig, die: int) -> None:
    """The usual way to a permit and an armed pump, so that histories get there."""
    rig.identify((INDIVIDUAL, ORGANISATION, VOUCHER)[die % 3])
    redeem(rig, 3)
    code(rig, 1)
    rig.select(point(die))


def counter(rig: Rig, die: int) -> None:
    """The usual way to the question for a secret."""
    rig.fuel(point(die), 1_000 + die % 9_000)
    rig.select(point(die))
    rig.identify(PEOPLE[die % 4])
    redeem(rig, die)


def slow_gift(rig: Rig, die: int) -> None:
    """A tank that takes longer to fill than a hold that nobody uses would live."""
    gift(rig, die)
    where = point(die)
    rig.act(rig.forecourt.lift, where)
    rig.act(rig.forecourt.flow, where, 400 + die % 900)
    rig.advance(WAITS[die % len(WAITS)] * 1000, step_ms=30_000)
    rig.act(rig.forecourt.flow, where, 100)
    rig.act(rig.forecourt.hang, where)


def greedy(rig: Rig, die: int) -> None:
    """All he has at the pump, and all he has again at the counter."""
    rig.identify()
    rig.tell(m.StartRedemption())
    code(rig, 1)
    rig.select(1)
    rig.act(rig.forecourt.lift, 1)
    rig.fuel(2, 1_000 + die % 9_000)
    rig.select(2)
    rig.identify()
    rig.tell(m.StartRedemption())
    code(rig, 1)
    rig.act(rig.forecourt.flow, 1, 500 + die)
    rig.act(rig.forecourt.hang, 1)


def rush(rig: Rig, die: int) -> None:
    """Several sales that earn while head office is away; their claims travel together, and one may be refused. Then
    head office asks for patience, and the way to it is lost and found again meanwhile."""
    rig.central.down = True
    for number in range(2 + die % 2):
        rig.fuel(2, 1_000 + die % 2_000 + number)
        rig.select(2)
        rig.identify(PEOPLE[(die // 3 + number * 5) % len(PEOPLE)])
        rig.pay()
    if die % 3 == 0:
        rig.central.fail("Accrue", *["later:150"] * 3)
    rig.central.down = False
    rig.advance(20_000, step_ms=2_000)
    rig.central.down = bool(die % 4)
    rig.advance(20_000, step_ms=4_000)
    rig.central.down = False
    rig.advance(20_000, step_ms=4_000)


def hasty(rig: Rig, die: int) -> None:
    """A hold that is slow to arrive, and a customer who does not wait for it."""
    rig.identify(PEOPLE[die % 4])
    rig.central.fail("Hold", ("late:12000", "late:90000", "cut", "silent")[die % 4])
    redeem(rig, 3)
    rig.tell(m.CancelRedemption())


def leave(rig: Rig, die: int) -> None:
    """A customer drives off: the one at the counter, or one whose fuelling waits."""
    unpaid = rig.desk.state.unpaid()
    which = unpaid[die % len(unpaid)].fuelling_id if unpaid and die % 3 else None
    rig.tell(m.DriveOff(("", "51F-123.45", "?")[die % 7 % 3], which))


def come_back(rig: Rig, die: int) -> None:
    """One who drove off returns to pay."""
    gone = list(rig.desk.state.drive_offs)
    if gone:
        rig.tell(m.ReturnDriveOff(gone[die % len(gone)]))


def mark_test(rig: Rig, die: int) -> None:
    """What waits, or is at the counter, was a test."""
    unpaid = rig.desk.state.unpaid()
    rig.tell(m.MarkPumpTest(unpaid[die % len(unpaid)].fuelling_id if unpaid and die % 3 else None))


def pump_test(rig: Rig, die: int) -> None:
    """The usual way of a pump test; sometimes nobody hangs up, or nothing flows."""
    where = point(die)
    rig.act(rig.forecourt.lift, where)
    rig.tell(m.AuthorisePoint(PointId(where), sale_type=SaleType.PUMP_TEST))
    if die % 5:
        rig.act(rig.forecourt.flow, where, 300 + die % 700)
    if die % 7:
        rig.act(rig.forecourt.hang, where)


def stacked(rig: Rig, die: int) -> None:
    """One particular fuelling, touched in the list."""
    unpaid = rig.desk.state.unpaid()
    if unpaid:
        rig.tell(m.SelectFuelling(unpaid[die % len(unpaid)].fuelling_id))


def go_on(rig: Rig, die: int) -> None:
    """Stopped pumps are let go on."""
    rig.forecourt.resumes = bool(die % 5)
    where = (None, PointId(1), PointId(2))[die % 3]
    rig.tell(m.RestartFuelling(tuple(m.RestartReason)[die % 4], where))


def wait(rig: Rig, die: int) -> None:
    """Time passes, in steps as even or as long as a busy computer makes them."""
    ms = WAITS[die % len(WAITS)] * 1000
    rig.advance(ms, step_ms=max(1_000, ms // (1 + die // 10 % MOST_TICKS)))


def activate(rig: Rig, die: int) -> None:
    """A driver activates on his phone; now and then for another station, or for minutes only."""
    rig.activate(20_000 + die * 18, "CHXD999" if die % 7 == 0 else "CHXD018", (90, 600, 43_200)[die % 3])


def scan(rig: Rig, die: int) -> None:
    """A signed voucher is shown; sometimes one that was spent long ago, sometimes damaged."""
    if rig.vouchers:
        text = rig.vouchers[die % len(rig.vouchers)]
        rig.tell(m.Identify(text if die % 11 else text[:-1]))


def look(rig: Rig, die: int) -> None:
    """The cashier looks at the plate; one vehicle in five is another."""
    rig.look_at_plate(matches=die % 5 != 0)


def offline(rig: Rig, die: int) -> None:
    """The usual way of a voucher while central is away: activated, scanned, looked at, spent at counter or pump. Before
    that time passes, the clock is set, or head office withdraws it in time for the till to hear."""
    activate(rig, die)
    if die % 10 == 3:
        withdraw(rig, die)
        rig.advance(400_000, step_ms=30_000)
    rig.central.down = True
    rig.advance((6, 100, 700, 1_000)[die // 3 % 4] * 1000, step_ms=30_000)
    if die % 12 == 5:
        move_clock(rig, 0)
    for _ in range(1 + (die % 6 == 1)):
        _spend(rig, die)


def _spend(rig: Rig, die: int) -> None:
    where = point(die)
    if die % 2:
        rig.fuel(where, 500 + die % 3_000)
        rig.select(where)
    if rig.vouchers:
        rig.tell(m.Identify(rig.vouchers[-1 - die % min(2, len(rig.vouchers))]))
    rig.tell(m.StartRedemption())
    rig.look_at_plate(matches=die % 9 != 0)
    if die % 2 == 0:
        rig.select(where)
        rig.act(rig.forecourt.lift, where)
        rig.act(rig.forecourt.flow, where, die % 4 * 900)
        rig.act(rig.forecourt.hang, where)


def offline_day(rig: Rig, die: int) -> None:
    """Several vouchers while central is away, the program started anew in between."""
    texts = [rig.activate(60_000 + die, lives_s=43_200) for _ in range(5)]
    rig.central.down = True
    rig.advance(6_000, step_ms=3_000)
    for number, text in enumerate(text for text in texts if text):
        if number == 2 and die % 2:
            revive(rig, arrive=True)
        rig.fuel(2, 1_000 + die % 1_000)
        rig.select(2)
        rig.tell(m.Identify(text), m.StartRedemption())
        rig.look_at_plate()
        rig.pay()


def withdraw(rig: Rig, die: int) -> None:
    """Head office withdraws an activated voucher; the till hears of it sooner or later."""
    vouchers = [v for v in rig.central.ledger.vouchers.values() if v.state == "ACTIVATED"]
    if vouchers:
        vouchers[die % len(vouchers)].revoked = True


def move_clock(rig: Rig, die: int) -> None:
    """Somebody sets the computer's clock."""
    rig.clock_moved = True
    away = (-86_400, -3_600, -400, -60, 60, 400, 3_600, 86_400)[die % 8]
    rig.clock.set_wall(rig.clock.now().wall + timedelta(seconds=away))


def reboot(rig: Rig, die: int) -> None:
    """The machine starts anew."""
    rig.die(requests_arrive=bool(die % 2))
    rig.clock.reboot(WAITS[die % len(WAITS)] * 1000)
    revive(rig, arrive=True)


ACTIONS: dict[str, Action] = {
    "activate": activate,
    "scan": scan,
    "look": look,
    "offline": offline,
    "offline day": offline_day,
    "withdraw": withdraw,
    "clock": move_clock,
    "reboot": reboot,
    "identify": lambda rig, die: rig.identify(PEOPLE[die % len(PEOPLE)]),
    "type": lambda rig, die: rig.keys(*(TYPED[die % 6] or (str(die), OK))),
    "secret": code,
    "redeem": redeem,
    "gift": gift,
    "slow gift": slow_gift,
    "greedy": greedy,
    "hasty": hasty,
    "rush": rush,
    "poison": lambda rig, die: setattr(rig.central, "poison_next", POISONED[die % len(POISONED)]),
    "counter": counter,
    "cancel": lambda rig, die: rig.tell(m.CancelRedemption()),
    "resend": lambda rig, die: rig.tell(m.ResendCode()),
    "detach": lambda rig, die: rig.tell(m.DetachCustomer()),
    "select": lambda rig, die: rig.select(point(die)),
    "oldest": lambda rig, die: rig.tell(m.SelectOldest()),
    "release": lambda rig, die: rig.tell(m.ReleaseSale()),
    "pay": lambda rig, die: rig.pay(tuple(TenderKind)[die % 3], (None, 10_000)[die % 2]),
    "dismiss": lambda rig, die: rig.tell(m.DismissMessage()),
    "authorise": lambda rig, die: rig.tell(m.AuthorisePoint(PointId(point(die)), (None, 50_000)[die // 2 % 2])),
    "authorise all": lambda rig, die: rig.tell(m.AuthoriseAll()),
    "authorise litres": lambda rig, die: rig.tell(m.AuthorisePoint(PointId(point(die)), preset_ml=500 + die)),
    "authorise test": lambda rig, die: rig.tell(
        m.AuthorisePoint(PointId(point(die)), sale_type=SaleType.PUMP_TEST)
    ),
    "pump test": pump_test,
    "mark test": mark_test,
    "drive off": leave,
    "come back": come_back,
    "hand over": lambda rig, die: rig.tell(m.HandOver(TerminalId(("T2", "T9")[die % 5 // 4]))),
    "stacked": stacked,
    "go on": go_on,
    "stop all": lambda rig, die: rig.tell(m.StopAll()),
    "ghost": lambda rig, die: rig.act(rig.forecourt.ghost, point(die), 100 + die),
    "test point": lambda rig, die: rig.tell(m.TestPoint(PointId(point(die)))),
    "stop": lambda rig, die: rig.tell(m.StopFuelling(PointId(point(die)))),
    "fuel": lambda rig, die: rig.fuel(point(die), 500 + die),
    "lift": lambda rig, die: rig.act(rig.forecourt.lift, point(die), 1 + (die // 2 % 2 if point(die) == 1 else 0)),
    "flow": lambda rig, die: rig.act(rig.forecourt.flow, point(die), 100 + die),
    "hang": lambda rig, die: rig.act(rig.forecourt.hang, point(die)),
    "power cut": lambda rig, die: rig.act(rig.forecourt.cut_power, point(die)),
    "power back": lambda rig, die: rig.act(rig.forecourt.restore_power, point(die)),
    "blink": lambda rig, die: rig.act(rig.forecourt.blink, point(die)),
    "unplug": lambda rig, die: rig.act(rig.forecourt.unplug, point(die)),
    "plug": lambda rig, die: rig.act(rig.forecourt.plug, point(die)),
    "bad command": lambda rig, die: rig.forecourt.faults.extend(BAD_COMMANDS[die % 4 :]),
    "network": network,
    "paced": paced,
    "place taken": lambda rig, die: rig.central.take_its_place(),
    "liar": liar,
    "central down": lambda rig, die: setattr(rig.central, "down", True),
    "disk": disk,
    "well again": well,
    "wait": wait,
    "restart": lambda rig, die: revive(rig, arrive=bool(die % 2)),
    "die soon": crash_soon,
}  # fmt: skip


FAULTS_OF: dict[str, str] = {
    "clock": "clock set",
    "reboot": "machine started anew",
    "power cut": "pump without power",
    "blink": "pump restarted",
    "unplug": "cable out",
    "bad command": "pump command lost or refused",
    "network": "bad answers",
    "liar": "impossible answers",
    "paced": "asked to wait",
    "place taken": "fenced off",
    "hasty": "answers lost or late",
    "poison": "poisoned records",
    "central down": "network down",
    "disk": "disk refuses",
    "restart": "program killed at rest",
    "die soon": "program killed at work",
}
"""Which steps are faults, and how they are counted."""


def play(history: Iterable[Step], temper: int) -> None:
    """One history on a forecourt of one of thirty-two tempers, up to the evening, when all ledgers are compared.

    From temper 32 on, the books are the production store on a disk that loses what was not synced. Raises `Violation`.
    """
    with ExitStack() as stack:
        store = stack.enter_context(books_on_disk(temper)) if temper >= TEMPERS else None
        rig = Rig(store=store)
        hall = rig.forecourt
        hall.ended_before_idle, hall.repeats_last = bool(temper & 1), bool(temper & 2)
        hall.remembers, hall.overrun_vnd = bool(temper & 4), 150 if temper & 8 else 50
        hall.tells_totals = not temper & 16
        for name, die in history:
            try:
                ACTIONS[name](rig, die)
                if die % LOOKS_EVERY == 0:
                    _ = rig.picture  # somebody looks at the screens
            except Crash:
                revive(rig, arrive=bool(die % 2))
        rig.store.crash_after = rig.crash_after_message = None
        rig.settle()
        rig.sell_everything()
        rig.settle(120)
        rig.check_ledgers()


def revive(rig: Rig, arrive: bool) -> None:
    """Somebody switches the computer on again (until it stays on), with a disk that is well at that moment."""
    while True:
        rig.store.fault = rig.store.fail_after = None
        try:
            rig.restart(requests_arrive=arrive)
            rig.run()
        except Crash:
            continue
        return


def roll(seed: int) -> tuple[list[Step], int]:
    """The history of a seed: its steps, and the temper of its forecourt. The same for ever, on any machine."""
    dice = Random(seed)
    names = sorted(ACTIONS)
    steps = [(dice.choice(names), dice.randrange(DIE_SIDES)) for _ in range(dice.randrange(MOST_STEPS + 1))]
    return steps, dice.randrange(TEMPERS) + TEMPERS * (dice.randrange(ON_DISK) == 0)
