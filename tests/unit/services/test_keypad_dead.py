"""The customer's keypad is unplugged or hangs (F37): an identity may be said aloud, a code or a PIN may not."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import OK, ORGANISATION, PHONE, Rig
from pos_client.domain import facts as f
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.customer_dialogue import TYPING_MS
from pos_client.services.snapshots import DialogueState


def fuelled() -> Rig:
    rig = Rig()
    rig.fuel()
    rig.select(1)
    return rig


@pytest.mark.parametrize("typed", ["", "09120"], ids=["at once", "half way through"])
def test_a_customer_says_his_number_to_the_cashier_and_earns(typed: str):
    rig = fuelled()
    rig.keys(typed)
    rig.identify(PHONE)
    rig.pay(TenderKind.CASH)
    rig.advance(5_000)
    assert len(rig.credits()) == 1
    assert rig.facts(f.HoldIntended) == []
    rig.check_ledgers()


def test_what_was_half_typed_is_no_part_of_what_the_next_hand_types():
    """The keypad comes back: another amount begins at nothing, and so does the next customer's number."""
    rig = fuelled()
    rig.keys("09120")
    rig.identify(ORGANISATION)
    rig.keys(OK, 4, 7, 0)
    assert rig.look().dialogue.state is DialogueState.AMOUNT_OTHER
    assert rig.look().dialogue.entered == "70"


def test_what_nobody_goes_on_typing_is_forgotten():
    rig = fuelled()
    rig.keys("09120")
    rig.advance(TYPING_MS - 1_000)
    rig.keys(7)
    assert rig.look().dialogue.entered == "091207"
    rig.advance(TYPING_MS)
    assert rig.look().dialogue.entered == ""


def test_no_code_is_taken_by_word_of_mouth_and_the_hold_goes_back():
    """S4: nobody but the keypad takes a secret; its time runs out, and everything is given back."""
    rig = fuelled()
    rig.identify(PHONE)
    rig.tell(m.StartRedemption(50_000))
    rig.keys(OK)
    rig.advance(400_000)
    assert rig.debits() == []
    assert not set(rig.states()) & {"HELD", "AUTHORISED"}
    rig.pay(TenderKind.CASH)
    rig.check_ledgers()
