"""I10: a code or PIN lives from key press to seal, in one buffer, and nowhere else."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import CANCEL, OK, ORGANISATION, ORGANISATION_PIN, Rig
from pos_client.domain.secret import SecretDigits
from pos_client.ports.central import EncodedCall
from pos_client.services import messages as m
from pos_client.services.snapshots import DialogueState, Notice


class Recorder(Rig):
    """Keeps every snapshot and every byte that left, as text."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        super().__init__()
        self.central.watch = self._leaving

    def _leaving(self, call: EncodedCall) -> None:
        self.seen.append(repr(call))
        self.watchmen.leaving(call)

    def _hear(self, notice: Notice | None) -> None:
        """After every message: nothing a screen could show may hold a secret."""
        self.seen.append(repr(self.terminal.snapshot()))
        super()._hear(notice)

    def everything(self) -> str:
        """Books, screens, wire, printer and the program's own memory as a crash report would print it."""
        memory = repr(self.desk) + repr(self.terminal._dialogue) + repr(self.terminal._redemptions)
        books = repr(self.store.journal) + repr(self.store.waiting_items())
        return "\n".join((*self.seen, memory, books, repr(self.printer.printed), repr(list(self.inbox))))


def asked(identifier: str = ORGANISATION) -> Recorder:
    rig = Recorder()
    rig.fuel()
    rig.select(1)
    rig.identify(identifier)
    rig.tell(m.StartRedemption(50_000))
    assert rig.picture.dialogue.state is DialogueState.SECRET
    return rig


def buffer(rig: Rig) -> SecretDigits:
    return rig.terminal._dialogue._secret


def raw(secret: SecretDigits) -> bytes:
    return bytes(secret._digits)


def test_a_pin_appears_in_no_book_screen_wire_printer_or_repr():
    rig = asked()
    rig.keys(ORGANISATION_PIN)
    assert rig.picture.dialogue.secret_length == 6
    assert ORGANISATION_PIN not in rig.everything()
    rig.keys(OK)
    rig.pay()
    rig.settle(30)
    assert rig.debits() == [50_000]
    assert ORGANISATION_PIN not in rig.everything()
    assert ORGANISATION_PIN not in repr(rig.envelopes)


def test_no_prefix_of_a_pin_is_shown_while_it_is_typed():
    rig = asked()
    for digit in ORGANISATION_PIN:
        rig.keys(digit)
        assert rig.picture.dialogue.entered == ""
    assert rig.picture.customer is not None
    assert rig.picture.customer.masked_identifier == "000 *** 001"


@pytest.mark.parametrize("end", ["sealed", "cancelled", "cashier cancels", "too short", "time runs out", "resent"])
def test_the_buffer_is_overwritten_whatever_happens(end: str):
    rig = asked("000100001" if end == "resent" else ORGANISATION)
    rig.keys("975")
    assert len(buffer(rig)) == 3
    match end:
        case "sealed":
            rig.keys("310", OK)
        case "cancelled":
            rig.keys(CANCEL)
        case "cashier cancels":
            rig.tell(m.CancelRedemption())
        case "too short":
            rig.keys(OK)
        case "time runs out":
            rig.advance(61_000)
        case "resent":
            rig.advance(31_000)
            rig.tell(m.ResendCode())
    assert len(buffer(rig)) == 0
    assert not any(raw(buffer(rig)))


@pytest.mark.log_expected("the disk refuses")
def test_the_buffer_is_overwritten_when_the_intent_cannot_be_written():
    rig = asked()
    rig.store.fault = "disk_full"
    rig.keys(ORGANISATION_PIN, OK)
    assert not any(raw(buffer(rig)))
    assert "Verify" not in rig.central.handled
    rig.store.fault = None
    rig.keys(ORGANISATION_PIN, OK)
    assert rig.debits() == [50_000]


def test_digits_typed_while_central_thinks_go_nowhere():
    rig = asked()
    rig.central.fail("Verify", "late:3000")
    rig.keys("000001", OK)
    rig.keys(ORGANISATION_PIN)
    assert rig.picture.dialogue.state is DialogueState.WAIT
    assert rig.picture.dialogue.secret_length == 0
    rig.advance(4_000)
    assert rig.picture.dialogue.entered == ""
    assert ORGANISATION_PIN not in rig.everything()


def test_digits_typed_on_after_the_time_ran_out_are_not_taken_for_a_phone_number():
    rig = asked()
    rig.keys("24")
    rig.advance(61_000)
    assert rig.picture.dialogue.state is DialogueState.REFUSED
    rig.keys("6813")
    assert rig.picture.dialogue.entered == ""
    rig.keys(OK)
    assert "6813" not in rig.picture.dialogue.entered


def test_digits_typed_on_after_the_cashier_cancelled_are_not_shown():
    rig = asked()
    rig.keys("24")
    rig.tell(m.CancelRedemption())
    rig.keys("46813")
    assert rig.picture.dialogue.entered == ""


def test_a_key_press_does_not_tell_its_digit():
    assert "7" not in repr(m.KeypadPressed(7))
    assert repr(m.KeypadPressed(OK)) == "KeypadPressed(ok)"


def test_identifiers_are_sealed_before_they_are_written_or_sent():
    """I19: what is in the queue is for central's eyes."""
    rig = Recorder()
    rig.central.down = True
    rig.fuel()
    rig.select(1)
    rig.identify("0912000001")
    rig.pay()
    books = repr(rig.store.journal) + repr(rig.store.waiting_items()) + "".join(rig.seen)
    assert "912000001" not in books
