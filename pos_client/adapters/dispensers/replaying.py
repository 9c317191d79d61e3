"""A recording played again: to a protocol object made anew, or to a simulated device; what they say beside what was.

A recording seldom begins where a line began, and a protocol object made anew does not ask in the order of the old one.
So what was recorded is not thrown at it: it is a pump that remembers. To each question it gives the answer that was
given to the same bytes next, after the same pause, and recorded time goes on with the conversation. What nobody asked
then gets the protocol's plain "taken" where it has one (`DispenserProtocol.accept`), and silence where not.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pos_client.domain.wire import Direction, WireRecord
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.interface import (
    DeviceHeadSetup,
    DispenserProtocol,
    HeadSetup,
    LineSetup,
)
from pos_client.value import dataclass

AHEAD_MS = 2_000
"""An answer that was given later than this is not given now: nobody asked then for so long, the line was away."""
PLAIN_PAUSE_MS = 20
AFTER_MS = 1_000
"""How long a protocol object is watched after the last thing that was recorded."""
_MOST_STEPS = 2_000_000


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was said to the pumps, and what came before anything else was said. `pause_ms` before its first byte."""

    at_ms: int
    question: bytes
    answer: bytes = b""
    pause_ms: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a simulated device says to a recorded question, beside what the real one said."""

    exchange: Exchange
    answered: bytes

    @property
    def same(self) -> bool:
        """Whether both said the same bytes."""
        return self.answered == self.exchange.answer


def exchanges(records: Iterable[WireRecord]) -> list[Exchange]:
    """One line's records as questions and answers; what came before the first question belongs to nobody."""
    found: list[Exchange] = []
    for record in records:
        if record.direction is Direction.SENT:
            found.append(Exchange(record.at_ms, record.raw))
        elif found:
            last = found[-1]
            pause = last.pause_ms if last.answer else record.at_ms - last.at_ms
            found[-1] = Exchange(last.at_ms, last.question, last.answer + record.raw, pause)
    return found


def setup_of(recorded: Mapping[str, object], talks: Iterable[Exchange], spoken: DispenserProtocol) -> LineSetup:
    """The line as it was set up; without that, the heads that were spoken to, one nozzle each, at the usual speed.

    Raises `ValueError` for a set-up that is none.
    """
    if recorded:
        heads = recorded.get("heads")
        if not isinstance(heads, (list, tuple)):
            raise ValueError("the recorded set-up names no heads")
        others = {name: value for name, value in recorded.items() if name != "heads"}
        return replace(LineSetup(tuple(_head(head) for head in heads)), **_fitting(LineSetup(()), others))
    spoken_to = {head for talk in talks if (head := _spoken_to(talk.question, spoken)) is not None}
    first, last = spoken.addresses
    return LineSetup(
        tuple(HeadSetup(address, (0,)) for address in sorted(spoken_to) if first <= address <= last),
        baud_rate=spoken.baud_rate,
        answer_timeout_ms=spoken.answer_timeout_ms,
        inter_frame_ms=spoken.inter_frame_ms,
    )


def _head(fields: object) -> HeadSetup:
    if not isinstance(fields, Mapping):
        raise ValueError("the recorded set-up has a head that is none")
    prices = fields.get("prices", ())
    if not isinstance(prices, (list, tuple)) or any(type(price) is not int for price in prices):
        raise ValueError("the recorded set-up has prices that are none")
    others = {name: value for name, value in fields.items() if name != "prices"}
    return replace(HeadSetup(0, tuple(prices)), **_fitting(HeadSetup(0, ()), others))


def _fitting(example: object, values: Mapping[str, object]) -> dict[str, Any]:
    """Values that a set-up can have, judged by one. Raises `ValueError`."""
    for name, value in values.items():
        if type(value) is not type(getattr(example, name, None)):
            raise ValueError(f"the recorded set-up has {name} = {value!r}")
    return dict(values)


def into_controller(spoken: DispenserProtocol, setup: LineSetup, talks: list[Exchange]) -> Iterator[tuple[int, Event]]:
    """What a protocol object made anew tells of the recording, each with its recorded time.

    Raises `LocalProtocolError` for a set-up its protocol does not take.
    """
    if not talks:
        return
    pump = _Memory(talks, spoken)
    controller = spoken.controller(setup)
    now, end = talks[0].at_ms, talks[-1].at_ms + AFTER_MS
    arriving: deque[tuple[int, bytes]] = deque()
    for _ in range(_MOST_STEPS):
        while arriving and arriving[0][0] <= now:
            controller.receive_data(arriving.popleft()[1], now)
        question = controller.data_to_send(now)
        if question:
            answer = pump.answer(question, now)
            now = max(now, answer.at_ms)
            if answer.answer:
                arriving.append((now + max(answer.pause_ms, 1), answer.answer))
        while (event := controller.next_event()) is not None:
            if event.address not in pump.silent:
                yield now, event
        due = [controller.next_deadline(), *(at for at, _ in list(arriving)[:1])]
        now = max(now + (not question), min(due))
        if now > end or not (pump.remembers or arriving):
            return


def into_dispenser(spoken: DispenserProtocol, setup: LineSetup, talks: Iterable[Exchange]) -> Iterator[Comparison]:
    """What a simulated device, as it comes from the factory, says to what was asked."""
    device = spoken.dispenser(
        DeviceHeadSetup(
            head.address,
            (0,) * max(len(head.prices), 1),
            head.volume_decimals,
            head.amount_decimals,
            head.price_decimals,
            head.total_decimals,
        )
        for head in setup.heads
    )
    for talk in talks:
        device.receive_data(talk.question, talk.at_ms)
        said = b""
        while (answer := device.next_answer()) is not None:
            said += answer.raw
        yield Comparison(talk, said)


class _Memory:
    """The pumps of a recording. `silent`: heads with nothing more to say; what is made of their silence is not told.

    What a head was asked most often is its pulse: when nothing is left of that, the recording of it is over.
    """

    def __init__(self, talks: list[Exchange], spoken: DispenserProtocol) -> None:
        self._spoken = spoken
        self._by_question: dict[bytes, deque[Exchange]] = {}
        asked: dict[int | None, Counter[bytes]] = {}
        for talk in talks:
            self._by_question.setdefault(talk.question, deque()).append(talk)
            if talk.answer:
                asked.setdefault(_spoken_to(talk.question, spoken), Counter())[talk.question] += 1
        self._pulse = {questions.most_common(1)[0][0]: head for head, questions in asked.items()}
        self.silent: set[int | None] = set()

    @property
    def remembers(self) -> bool:
        """Whether any head has something left to say."""
        return len(self.silent) < len(self._pulse)

    def answer(self, question: bytes, now_ms: int) -> Exchange:
        """What was answered to the same bytes next; else what goes without saying."""
        remembered = self._by_question.get(question)
        if not remembered and question in self._pulse:
            self.silent.add(self._pulse[question])
        if not remembered or remembered[0].at_ms > now_ms + AHEAD_MS:
            return Exchange(now_ms, question, self._spoken.accept(question), PLAIN_PAUSE_MS)
        return remembered.popleft()


def _spoken_to(question: bytes, spoken: DispenserProtocol) -> int | None:
    """The head a question is for; None: all, or nobody knows."""
    for frame in spoken.describe(question, "controller"):
        head = frame.get("address", frame.get("pump"))
        if isinstance(head, int):
            return head
    return None
