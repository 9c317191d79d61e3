"""Those who look on while a history is played: nothing leaves the terminal, and no pump is told anything, before it was
written. They read the books only, in the order in which facts came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pos_client.bootstrap.simulate.envelopes import opened
from pos_client.bootstrap.simulate.violation import hold
from pos_client.domain import facts as f
from pos_client.domain.journal import JournalEntry
from pos_client.domain.sale_type import SaleType
from pos_client.ports import central as c
from pos_client.ports.dispensers import Authorise
from pos_client.services import messages as m

KindOfFact = TypeVar("KindOfFact", bound=f.Fact)


@dataclass
class Watchmen:
    """`journal`: the books as they stand at this moment."""

    journal: Callable[[], Sequence[JournalEntry]]
    gift_commands: dict[str, str] = field(default_factory=dict)
    """authorisation -> the redemption it was for"""
    test_commands: set[str] = field(default_factory=set)
    _read: Sequence[JournalEntry] = ()
    _upto: int = 0
    _facts: dict[type, list[Any]] = field(default_factory=lambda: defaultdict(list))
    """of the books read last, as far as they were read"""

    def facts(self, kind: type[KindOfFact]) -> list[KindOfFact]:
        """All facts of a kind, as they came in. Not to be changed."""
        journal = self.journal()
        if journal is not self._read:
            self._read, self._upto, self._facts = journal, 0, defaultdict(list)
        for entry in journal[self._upto :]:
            self._facts[type(entry.fact)].append(entry.fact)
        self._upto = len(journal)
        return self._facts[kind]

    def leaving(self, call: c.EncodedCall) -> None:
        """Nothing leaves that was not written before (I14)."""
        body = opened(call.body)
        match body["verb"]:
            case "Hold":
                written = any(i.redemption_id == body["redemption_id"] for i in self.facts(f.HoldIntended))
            case "Verify":
                name = (body["redemption_id"], body["n"])
                written = any((i.redemption_id, i.n) == name for i in self.facts(f.VerifyIntended))
            case "Capture":
                written = any(i.redemption_id == body["redemption_id"] for i in self.facts(f.DispenseFinished))
            case "SpendOffline":
                told = [*self.facts(f.DispenseFinished), *self.facts(f.VoidIntended)]
                written = any(i.redemption_id == body["redemption_id"] for i in told)  # type: ignore[attr-defined]  # both have one
            case "Void":
                written = any(i.redemption_id == body["redemption_id"] for i in self.facts(f.VoidIntended))
            case "StateShift":
                written = any(i.shift_id == body["shift_id"] for i in self.facts(f.ShiftClosed))
            case "Reverse":
                written = any(i.reversal_id == body["reversal_id"] for i in self.facts(f.ReversalIntended))
            case "Accrue":
                written = any(i.accrual_id == body["accrual_id"] for i in self.facts(f.AccrualStated))
            case _:
                written = True
        hold(written, "I14", f"sent before it was written: {call.key}")

    def authorising(self, command: Authorise, asked: object) -> None:
        """A gift is armed only after a durable intent and a durable consent (I9). Whoever authorises without having
        been asked to by the cashier's own key is arming a gift. `asked`: the message the terminal is at."""
        if isinstance(asked, m.AuthorisePoint | m.AuthoriseAll):
            self._permitting(command, asked)
            return
        if isinstance(asked, m.StaffPressed):  # the last digit of a PIN authorises pump tests, and nothing else
            vouched = [p for p in self.facts(f.StaffProved) if p.what == f"pump {command.point}"]
            hold(bool(vouched), "I7", "a PIN authorised a pump nobody vouched for")
            self._permitting(command, m.AuthorisePoint(command.point, sale_type=SaleType.PUMP_TEST))
            return
        over = {x.redemption_id for kind in (f.DispenseFinished, f.VoidIntended) for x in self.facts(kind)}  # type: ignore[attr-defined]  # both have one
        armed = [i for i in self.facts(f.ArmIntended) if i.point == command.point and i.redemption_id not in over]
        hold(len(armed) == 1, "I9", "armed before it was written")
        given: list[f.ConsentGiven | f.OfflineSpendIntended] = [
            *self.facts(f.ConsentGiven),
            *self.facts(f.OfflineSpendIntended),
        ]
        consents = [i for i in given if i.redemption_id == armed[0].redemption_id]
        hold(len(consents) == 1, "I9", "armed without consent")
        hold(command.preset_vnd == consents[0].points, "I4", "armed with another preset than was consented to")
        self.gift_commands[command.command_id] = armed[0].redemption_id

    def _permitting(self, command: Authorise, asked: m.AuthorisePoint | m.AuthoriseAll) -> None:
        """A pump test is written down before the pump is told; one for a sale ends what test there was (I7)."""
        over = {x.test for x in self.facts(f.PumpTestEnded)}
        intents = [i for i in self.facts(f.PumpTestIntended) if i.point == command.point and i.test not in over]
        is_test = isinstance(asked, m.AuthorisePoint) and asked.sale_type is SaleType.PUMP_TEST
        hold(len(intents) == is_test, "I7", f"a pump is told {command}, and the journal says {intents}")
        if is_test:
            self.test_commands.add(command.command_id)
