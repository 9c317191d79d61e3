"""A keypad that is a device of its own goes in the middle of a code, and comes back (F37, flow idea 11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_client.bootstrap.simulate.world import INDIVIDUAL, ORGANISATION, ORGANISATION_PIN, SETTINGS, Rig
from pos_client.domain import facts as f
from pos_client.domain.keypad import KeypadKey, KeypadTrouble
from pos_client.domain.tender import TenderKind
from pos_client.ports.reports import KeypadKeyed, KeypadReported
from pos_client.services import messages as m
from pos_client.services.snapshots import DialogueState
from pos_client.settings.model import KeypadSettings
from tests.words import words

WITH_KEYPAD = replace(SETTINGS, keypad=KeypadSettings("usb", "usb:046a:0023:A1"))
VI, EN = words("vi"), words("en")
OK = KeypadKey.OK
GONE, BACK = KeypadReported(KeypadTrouble.MISSING, "ENODEV"), KeypadReported(None)


def keyed(rig: Rig, digits: str, *then: KeypadKey) -> None:
    rig.tell(*(KeypadKeyed(int(digit)) for digit in digits), *map(KeypadKeyed, then))


def asked() -> Rig:
    rig = Rig(WITH_KEYPAD)
    rig.tell(BACK)
    rig.fuel()
    rig.select(1)
    rig.identify(ORGANISATION)
    rig.tell(m.StartRedemption(50_000))
    assert rig.look().dialogue.state is DialogueState.SECRET
    assert rig.look().dialogue.on_device
    return rig


def digits_in_memory(rig: Rig) -> bytes:
    return bytes(rig.terminal._dialogue._secret._digits)


@pytest.mark.log_expected("a keypad that goes is written down")
def test_it_goes_in_the_middle_everything_typed_is_wiped_and_on_its_return_it_begins_anew():
    rig = asked()
    keyed(rig, ORGANISATION_PIN[:4])
    assert rig.look().dialogue.secret_length == 4
    rig.tell(GONE)
    seen = rig.look()
    assert seen.dialogue.state is DialogueState.KEYPAD_LOST
    assert seen.dialogue.secret_length == 0
    assert not any(digits_in_memory(rig))
    assert seen.notice is not None
    assert seen.notice.code == "keypad_missing"
    assert (seen.status.keypad, seen.status.keypad_trouble) == (False, KeypadTrouble.MISSING)
    assert rig.debits() == []
    rig.tell(BACK)
    assert rig.look().notice is None
    assert rig.look().dialogue.state is DialogueState.SECRET
    assert rig.look().dialogue.notice is not None
    assert rig.look().dialogue.notice.code == "secret_begin_anew_keypad"  # type: ignore[union-attr]
    keyed(rig, ORGANISATION_PIN[4:], OK)
    assert rig.look().dialogue.state is DialogueState.SECRET, "the second half alone is no PIN"
    keyed(rig, ORGANISATION_PIN, OK)
    assert rig.debits() == [50_000]
    rig.pay()
    rig.settle(30)
    rig.check_ledgers()


@pytest.mark.log_expected("a keypad that goes is written down")
def test_nothing_steps_in_for_a_keypad_that_is_gone():
    """Neither touches on the screen nor the cashier's keyboard; its time runs out, and all is given back."""
    rig = asked()
    rig.tell(GONE)
    for digit in ORGANISATION_PIN:
        rig.tell(m.KeypadPressed(int(digit)), m.StaffPressed(int(digit)))
    rig.tell(m.KeypadPressed(OK))
    assert not any(digits_in_memory(rig))
    rig.advance(61_000)
    assert rig.debits() == []
    assert not set(rig.states()) & {"HELD", "AUTHORISED"}
    rig.pay(TenderKind.CASH)
    rig.check_ledgers()


def test_a_secret_comes_from_the_keypad_alone_and_touches_still_answer_questions():
    rig = asked()
    rig.tell(*(m.KeypadPressed(int(digit)) for digit in ORGANISATION_PIN), m.KeypadPressed(OK))
    assert rig.look().dialogue.secret_length == 0
    assert not rig.facts(f.VerifyIntended)
    rig.tell(m.KeypadPressed(KeypadKey.CANCEL))
    assert rig.look().dialogue.state is not DialogueState.SECRET
    assert rig.debits() == []


@pytest.mark.log_expected("a keypad that goes is written down")
def test_the_customer_may_end_it_by_touch_while_his_keypad_is_gone():
    rig = asked()
    rig.tell(GONE, m.KeypadPressed(KeypadKey.CANCEL))
    rig.advance(5_000)
    assert not set(rig.states()) & {"HELD", "AUTHORISED"}
    assert rig.debits() == []


@pytest.mark.log_expected("a keypad that loses a key is written down")
def test_a_key_lost_on_the_way_never_makes_another_code_of_the_rest():
    rig = asked()
    keyed(rig, ORGANISATION_PIN[:3])
    rig.tell(KeypadReported(KeypadTrouble.GARBLED), BACK)
    keyed(rig, ORGANISATION_PIN[3:])
    assert rig.look().dialogue.secret_length == len(ORGANISATION_PIN) - 3
    keyed(rig, "", OK)
    assert not rig.facts(f.VerifyIntended)


@pytest.mark.log_expected("a keypad that is not there is written down")
def test_no_code_is_sent_that_nobody_could_type_and_earning_goes_on():
    rig = Rig(WITH_KEYPAD)
    rig.tell(GONE)
    rig.fuel()
    rig.select(1)
    rig.identify(INDIVIDUAL)
    rig.tell(m.StartRedemption(50_000))
    assert rig.look().notice is not None
    assert rig.look().notice.code == "keypad_missing"  # type: ignore[union-attr]
    assert not rig.facts(f.HoldIntended)
    rig.pay()
    rig.advance(5_000)
    assert len(rig.credits()) == 1


def test_not_me_is_0_on_the_device_too():
    rig = Rig(WITH_KEYPAD)
    rig.fuel()
    rig.select(1)
    rig.identify(INDIVIDUAL)
    rig.tell(BACK, KeypadKeyed(0))
    assert rig.facts(f.CustomerDetached)


@pytest.mark.parametrize("trouble", KeypadTrouble)
def test_each_trouble_has_words_that_say_what_it_means_for_the_points(trouble: KeypadTrouble):
    for language, points in ((VI, "Chưa điểm nào"), (EN, "No points")):
        assert language.knows(f"strip.keypad_trouble.{trouble.value}")
        for part in ("what", "means", "key"):
            assert language.knows(f"notice.keypad_{trouble.value}.{part}")
        assert points in language.say(f"notice.keypad_{trouble.value}.means")


def test_a_key_of_a_device_does_not_tell_its_digit():
    assert "7" not in repr(KeypadKeyed(7))
    assert repr(KeypadKeyed(OK)) == "KeypadKeyed(ok)"
