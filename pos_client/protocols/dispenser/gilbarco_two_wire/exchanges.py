"""The small dialogues every script is made of: poll until sure, ask for a block, send a block."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

from pos_client.protocols.dispenser.gilbarco_two_wire import states as s
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import HostBlock, Totals, Transaction
from pos_client.protocols.dispenser.gilbarco_two_wire.dialogue import Answer, Ask, Expect, Pause, Step
from pos_client.protocols.dispenser.gilbarco_two_wire.judgement import is_explained
from pos_client.protocols.dispenser.gilbarco_two_wire.knowledge import Knowledge
from pos_client.protocols.dispenser.gilbarco_two_wire.nozzle_query import NozzleAnswer
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Status, Word
from pos_client.protocols.dispenser.gilbarco_two_wire.words import nibble
from pos_client.protocols.dispenser.verdicts import Refused, Unanswered

Result = TypeVar("Result")
Part = Generator[Step, Answer | None, Result]
SETTLE_POLLS = 10
"""Polls in which two neighbours have to say the same."""
_EXPECTED = {Word.TRANSACTION: Expect.TRANSACTION, Word.TOTALS: Expect.TOTALS}


def word(head: Knowledge, command: Word) -> bytes:
    """A command word for this pump."""
    return bytes((command | nibble(head.address),))


def poll(head: Knowledge) -> Part[Status | None]:
    """One status poll; what it said is in `head` already."""
    answer = yield Ask(word(head, Word.POLL), Expect.STATUS)
    return answer if isinstance(answer, Status) else None


def say(head: Knowledge, command: Word, pause_ms: int) -> Part[None]:
    """A command without an answer, and the pause it wants."""
    yield Ask(word(head, command), Expect.NOTHING)
    yield Pause(pause_ms)


def settled(head: Knowledge) -> Part[Status | None]:
    """The state as it is read twice from now on; None when the pump does not say."""
    head.unsettle()
    for _ in range(SETTLE_POLLS):
        yield from poll(head)
        if head.settled:
            return head.status
    return None


def equal_transactions(head: Knowledge, tries: int = s.READ_TRIES) -> Part[Transaction | None]:
    """The sale a pump shows, as neighbouring answers gave it alike, or None. Two are enough under its usual number."""

    def is_sure(answer: Answer) -> bool:
        return isinstance(answer, Transaction) and head.is_under_its_number(answer)

    answer = yield from _equal(head, Word.TRANSACTION, tries, is_sure)
    return answer if isinstance(answer, Transaction) else None


def equal_totals(head: Knowledge, sale: Transaction | None = None) -> Part[Totals | None]:
    """All totals of a pump, as neighbouring answers gave them alike, or None.

    Two are enough where they stand as they did, or moved by `sale`.
    """

    def is_sure(answer: Answer) -> bool:
        return isinstance(answer, Totals) and is_explained(head.totals, answer, sale, head.setup)

    answer = yield from _equal(head, Word.TOTALS, s.READ_TRIES, is_sure)
    if not isinstance(answer, Totals):
        return None
    head.take_totals(answer)
    return answer


def _equal(head: Knowledge, command: Word, tries: int, is_sure: Callable[[Answer], bool]) -> Part[Answer | None]:
    """A block that comes alike several times in a row: more often when it is a strange one."""
    before: Answer | None = None
    alike = 0
    for _ in range(s.CLOSE_READS):
        answer = yield from _read(head, command, tries)
        if answer is None:
            return None
        alike = alike + 1 if answer == before else 1
        before = answer
        if alike >= (s.EQUAL_READS if is_sure(answer) else s.STRANGE_READS):
            return answer
    return None


def _read(head: Knowledge, command: Word, tries: int) -> Part[Answer | None]:
    """A block, asked for again while the pump is in a state in which it answers."""
    for _ in range(tries):
        answer = yield Ask(word(head, command), _EXPECTED[command])
        if answer is not None:
            return answer
        if (yield from poll(head)) not in s.READABLE:
            return None
    return None


def send(head: Knowledge, block: HostBlock) -> Part[Refused | Unanswered | None]:
    """`2p`, `Dp`, block, poll: None when the pump took it, else why not (section 5).

    A poll that is not answered may have been the one that said DATA ERROR, so the block is sent again: it does no harm.
    """
    failure: Refused | Unanswered = Unanswered()
    for attempt in range(s.BLOCK_TRIES):
        if attempt:
            yield Pause(head.options.data_retry_ms)
        ready = yield Ask(word(head, Word.DATA_NEXT), Expect.STATUS)
        if ready is not Status.SEND_DATA:
            failure = Unanswered() if ready is None else Refused("no_data_wanted")
            if (yield from settled(head)) not in s.RESTING:
                return failure
            continue
        yield Ask(block.to_bytes(), Expect.NOTHING, held=True)
        said = yield from poll(head)
        if said in (*s.RESTING, *s.ENDED):
            return None
        failure = Refused("data_error") if said is Status.DATA_ERROR else Unanswered()
    return failure


def query(head: Knowledge, block: HostBlock) -> Part[NozzleAnswer | None]:
    """A special function and its answer, tried once."""
    ready = yield Ask(word(head, Word.DATA_NEXT), Expect.STATUS)
    if ready is not Status.SEND_DATA:
        return None
    answer = yield Ask(block.to_bytes(), Expect.NOZZLE, held=True)
    return answer if isinstance(answer, NozzleAnswer) else None
