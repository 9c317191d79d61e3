"""Every fault of a network, met by every verb, between the real adapter and the real central (F06-F11, F13, F14, F16).

Whatever happens on the way, the till repeats the same bytes under the same key, as the core does, until central's own
signed word is there: what the verb does has then been done once, and every fund is balanced. Before that word nothing
is a success. What arrives late, twice or out of its time moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import pytest

from pos_client.domain.identifiers import RedemptionId
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from tests.central import RunningCentral, Till, digits, running_central
from tests.fakes import network_proxy as net
from tests.fakes.network_proxy import NetworkProxy, Way, network_proxy

ORGANISATION, PIN = "000200001", "246813"
INDIVIDUAL = "000100004"
VOUCHER, DRIVER_PIN = "P-00231", "135790"
FUNDS, MOVES = (ORGANISATION, INDIVIDUAL, VOUCHER), ("credits", "debits", "held")
HELD, FUELLED, EACH, SPENT = 500, 300, 10_000, 2_000
MOVED = {
    ORGANISATION: {"credits": 0, "debits": FUELLED, "held": 4 * HELD},
    INDIVIDUAL: {"credits": 4 * 50, "debits": 0, "held": 0},
    VOUCHER: {"credits": 0, "debits": SPENT, "held": 0},
}
"""By every verb once. Held afterwards: one of the hold, one of the verify, two of the wrong PIN and the right one."""
TRIES = 4
METER = count(1)
"""One accrual a totalizer reading."""
DAYS = 3 * 86_400


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a till is about to say, and what central's answer to it will be."""

    calls: tuple[port.EncodedCall, ...]
    heard: type
    interactive: bool = False


def hold(till: Till, central: RunningCentral) -> Spoken:
    del central
    call = port.Hold(RedemptionId(till.new_id()), till.look_up(ORGANISATION).reference, HELD, "pay")
    return Spoken((till.wire.encode(call),), port.HoldPlaced, interactive=True)


def verify(till: Till, central: RunningCentral) -> Spoken:
    del central
    return Spoken((_verify(till, PIN),), port.ConsentVerified, interactive=True)


def verify_wrongly(till: Till, central: RunningCentral) -> Spoken:
    """A wrong PIN is counted once, however often it is sent."""
    del central
    return Spoken((_verify(till, "000000"),), port.Problem, interactive=True)


def capture(till: Till, central: RunningCentral) -> Spoken:
    del central
    redemption, placed = till.hold(ORGANISATION, HELD)
    assert isinstance(till.verify(redemption, 1, placed, PIN), port.ConsentVerified)
    call = till.wire.encode(till.capture(redemption, FUELLED))
    return Spoken((call,), port.RedemptionCaptured)


def void(till: Till, central: RunningCentral) -> Spoken:
    del central
    redemption, _ = till.hold(ORGANISATION, HELD)
    return Spoken((till.wire.encode(port.Void(redemption, "test")),), port.RedemptionVoided)


def accrual(till: Till, central: RunningCentral) -> Spoken:
    del central
    return Spoken((_accrual(till),), port.AccrualBooked)


def batch(till: Till, central: RunningCentral) -> Spoken:
    del central
    return Spoken(tuple(_accrual(till) for _ in range(3)), port.AccrualBooked)


def offline(till: Till, central: RunningCentral) -> Spoken:
    asked = {"code": VOUCHER, "station": "CHXD018", "points": SPENT, "pin": DRIVER_PIN}
    voucher = central.control("POST", "/control/activations", asked)["voucher_id"]
    spent = port.SpendOffline(
        RedemptionId(till.new_id()),
        voucher,
        points=SPENT,
        amount_vnd=SPENT,
        spent_at="2026-11-23T09:00:00+07:00",
        time_quality="holdover",
        revocations=1,
        grade_code="DO-005S",
    )
    return Spoken((till.wire.encode(spent),), port.OfflineSpendBooked)


def _verify(till: Till, pin: str) -> port.EncodedCall:
    redemption, placed = till.hold(ORGANISATION, HELD)
    return till.wire.encode(port.Verify(redemption, 1, placed.challenge_id, HELD, digits(pin)))


def _accrual(till: Till) -> port.EncodedCall:
    return till.wire.encode(till.accrual(INDIVIDUAL, (TenderClass.ELECTRONIC, EACH), end=next(METER)))


VERBS: dict[str, Callable[[Till, RunningCentral], Spoken]] = {
    "hold": hold,
    "verify": verify,
    "wrong PIN": verify_wrongly,
    "capture": capture,
    "void": void,
    "accrual": accrual,
    "batch": batch,
    "offline redemption": offline,
}
BEFORE: tuple[Way, ...] = (net.kept, net.reset, net.portal, net.portal_in_json)
AFTER: tuple[Way, ...] = (
    net.lost,
    net.lost_by_reset,
    net.reset_in_the_middle,
    net.truncated,
    net.unsigned,
    net.bent,
    net.of_another_request,
    net.twice_second_told,
)
HARMLESS: tuple[Way, ...] = (net.slow, net.sliced, net.twice_first_told)


@pytest.fixture(scope="module")
def central() -> Iterator[RunningCentral]:
    with running_central(seed=11) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(central: RunningCentral) -> Iterator[NetworkProxy]:
    with network_proxy(central.addresses.url) as opened:
        yield opened


@pytest.fixture(scope="module")
def till(central: RunningCentral, proxy: NetworkProxy) -> Iterator[Till]:
    del proxy  # the way leads through it
    one = Till(central.addresses)
    yield one
    one.close()


@pytest.fixture(scope="module")
def hasty(central: RunningCentral, proxy: NetworkProxy) -> Iterator[Till]:
    """The same till with no patience."""
    del proxy
    one = Till(central.addresses, read_timeout_ms=300,
               connect_timeout_ms=200, operation_timeout_ms=600)  # fmt: skip
    yield one
    one.close()


def send(till: Till, spoken: Spoken) -> list[object]:
    """Once, on the lane the core uses for it."""
    if spoken.interactive:
        return [till.send(call) for call in spoken.calls]
    if len(spoken.calls) == 1:
        return [till.forward(spoken.calls[0])]
    till.central.forward_batch(spoken.calls)
    return [till.inbox.result_of(call.key) for call in spoken.calls]


def repeat(till: Till, spoken: Spoken) -> list[object]:
    """The same bytes until central has answered."""
    for _ in range(TRIES):
        answers = send(till, spoken)
        if not any(isinstance(answer, port.NoAnswer) for answer in answers):
            return answers
    raise AssertionError(f"no word of central in {TRIES} sendings: {answers}")


def funds(central: RunningCentral) -> dict[str, dict[str, int]]:
    """What was earned, spent, and is held; `ledger` holds every fund to be balanced."""
    ledger = central.ledger()
    rows = {row.get("number") or row["code"]: row for row in (*ledger["accounts"], *ledger["vouchers"])}
    return {name: {each: int(rows[name][each]) for each in MOVES} for name in FUNDS}


def is_done_once(till: Till, verb: str, spoken: Spoken) -> None:
    """Central's word, and the same one for asking again."""
    answers = repeat(till, spoken)
    assert [type(answer) for answer in answers] == [spoken.heard] * len(spoken.calls), verb
    assert send(till, spoken) == answers, verb
    if isinstance(answers[0], port.Problem):
        assert (answers[0].code, answers[0].attempts_left) == ("credential-wrong", 4)
        assert isinstance(till.send(_verify(till, PIN)), port.ConsentVerified)  # the count begins anew


@contextmanager
def every_verb_moves_once(central: RunningCentral) -> Iterator[None]:
    """What is done in the block is each verb, once."""
    before = funds(central)
    yield
    after = funds(central)
    moved = {name: {each: after[name][each] - before[name][each] for each in MOVES} for name in FUNDS}
    assert moved == MOVED


@pytest.mark.parametrize("way", [*BEFORE, *AFTER], ids=lambda way: way.__name__)
def test_a_fault_on_the_way_is_doubt_and_the_same_bytes_are_done_once(central, proxy, till, way):
    with every_verb_moves_once(central):
        for verb, make in VERBS.items():
            spoken = make(till, central)
            proxy.then(way)
            answers = send(till, spoken)
            assert all(isinstance(answer, port.NoAnswer) and answer.sent for answer in answers), (verb, answers)
            is_done_once(till, verb, spoken)


@pytest.mark.parametrize("way", HARMLESS, ids=lambda way: way.__name__)
def test_a_network_that_is_only_bad_is_heard_through(central, proxy, till, way):
    with every_verb_moves_once(central):
        for verb, make in VERBS.items():
            spoken = make(till, central)
            proxy.then(way)
            assert [type(answer) for answer in send(till, spoken)] == [spoken.heard] * len(spoken.calls), verb
            is_done_once(till, verb, spoken)


def test_a_half_open_connection_ends_with_patience(central, proxy, till, hasty):
    with every_verb_moves_once(central):
        for verb, make in VERBS.items():
            spoken = make(till, central)
            proxy.then(net.half_open)
            assert send(hasty, spoken) == [port.NoAnswer("read_timeout", sent=True)] * len(spoken.calls), verb
            is_done_once(till, verb, spoken)


@pytest.mark.parametrize("how", [NetworkProxy.refusing, NetworkProxy.swallowing], ids=lambda how: how.__name__)
def test_where_no_connection_is_made_nothing_was_sent(central, proxy, till, hasty, how):
    with every_verb_moves_once(central):
        for verb, make in VERBS.items():
            spoken = make(till, central)
            with how(proxy):
                send(hasty, spoken)  # a connection that was open may die with it, and that is doubt
                answers = send(hasty, spoken)
                assert all(isinstance(answer, port.NoAnswer) and not answer.sent for answer in answers), verb
            is_done_once(till, verb, spoken)


# ── late ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_arrives_after_its_repetition_moves_nothing(central, proxy, till):
    with every_verb_moves_once(central):
        for verb, make in VERBS.items():
            spoken = make(till, central)
            proxy.then(net.kept)
            send(till, spoken)
            late = proxy.seen[-1]
            is_done_once(till, verb, spoken)
            status, _ = proxy.deliver(late)
            assert status in (200, 201, 422), verb  # the stored answer: its signature is young and was never used
            status, said = proxy.deliver(late)
            assert (status, b"request-replayed" in said) == (409, True), verb


@pytest.mark.parametrize("verb", ["hold", "verify", "capture"])
def test_what_arrives_after_the_void_moves_nothing(central, proxy, till, verb):
    spoken = VERBS[verb](till, central)
    redemption = RedemptionId(spoken.calls[0].key.partition(":")[0])
    proxy.then(net.kept)
    send(till, spoken)
    late = proxy.seen[-1]
    assert isinstance(till.forward(till.wire.encode(port.Void(redemption, "no_answer"))), port.RedemptionVoided)
    settled = funds(central)
    status, said = proxy.deliver(late)
    assert b"permit" not in said
    assert funds(central) == settled
    if verb == "capture":  # a fact is recorded for ever: fuel nobody can be debited for
        assert (status, b"SHORTFALL" in said) == (200, True)
    else:
        assert status in (409, 410, 422), said


def test_what_arrives_days_later_is_out_of_its_time_and_the_till_finds_the_time_again():
    with running_central(seed=12) as central, network_proxy(central.addresses.url) as proxy:
        till = Till(central.addresses)
        spoken, late = {}, []
        for verb, make in VERBS.items():
            spoken[verb] = make(till, central)
            proxy.then(net.kept)
            send(till, spoken[verb])
            late.append(proxy.seen[-1])
            repeat(till, spoken[verb])
        central.later(DAYS)
        assert isinstance(till.start(), port.SessionStarted)  # it signs by central's clock from here on
        settled = central.ledger()
        for raw in late:
            status, said = proxy.deliver(raw)
            assert (status, b"signature-expired" in said) == (401, True)
        assert central.ledger() == settled
        for verb in ("capture", "void", "accrual", "batch", "offline redemption"):
            assert all(isinstance(answer, spoken[verb].heard) for answer in send(till, spoken[verb]))
        assert central.ledger() == settled
        till.close()
