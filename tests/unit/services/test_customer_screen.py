"""The customer's screen goes while a code is typed on it (at once, half way, at the last key)."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import OK, PHONE, Rig
from pos_client.domain import facts as f
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.messages import CustomerScreen, CustomerScreenSeen
from pos_client.services.snapshots import DialogueState

GONE, BACK = CustomerScreenSeen(CustomerScreen.MISSING), CustomerScreenSeen(CustomerScreen.OWN)


def asked() -> Rig:
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify(PHONE)
    rig.tell(m.StartRedemption(50_000))
    assert rig.look().dialogue.state is DialogueState.SECRET
    return rig


def notice(rig: Rig) -> str:
    said = rig.look().notice
    return said.code if said is not None else ""


@pytest.mark.parametrize("typed", range(7))
def test_digits_are_wiped_and_the_code_is_typed_anew(typed: int):
    rig = asked()
    code = rig.code()
    rig.keys(code[:typed])
    rig.tell(GONE)
    assert notice(rig) == "secret_stopped_screen"
    assert rig.look().status.customer_screen is CustomerScreen.MISSING
    rig.keys(code[typed:], OK)
    assert rig.look().dialogue.secret_length == 0
    assert rig.facts(f.VerifyIntended) == []
    rig.tell(BACK)
    assert notice(rig) == "secret_goes_on"
    told = rig.look().dialogue.notice
    assert told is not None
    assert told.code == "secret_begin_anew"
    rig.keys(code, OK)
    rig.settle(5)
    assert rig.debits() == [50_000]
    assert len(rig.facts(f.VerifyIntended)) == 1
    rig.pay(TenderKind.CASH)
    rig.check_ledgers()


def test_a_screen_that_stays_away_gives_the_points_back():
    rig = asked()
    rig.keys("123")
    rig.tell(GONE)
    rig.advance(400_000)
    assert rig.debits() == []
    assert not set(rig.states()) & {"HELD", "AUTHORISED"}
    rig.tell(BACK)
    assert notice(rig) != "secret_goes_on"
    rig.pay(TenderKind.CASH)
    rig.check_ledgers()


def test_the_cashier_may_give_up_while_it_is_away():
    rig = asked()
    rig.tell(GONE, m.CancelRedemption())
    rig.settle(60)
    assert rig.debits() == []
    rig.tell(BACK)
    assert notice(rig) != "secret_goes_on"
    rig.pay(TenderKind.CASH)
    rig.check_ledgers()


def test_nothing_is_held_for_whom_no_code_can_be_asked():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify(PHONE)
    rig.tell(GONE, m.StartRedemption(None))
    assert notice(rig) == "points_need_customer_screen"
    assert rig.facts(f.HoldIntended) == []
    rig.tell(BACK, m.StartRedemption(50_000))
    assert rig.look().dialogue.state is DialogueState.SECRET


def test_a_flickering_screen_costs_no_try_and_no_time():
    rig = asked()
    deadline = rig.look().dialogue.deadline_ticks_ms
    for _ in range(20):
        rig.keys("12")
        rig.tell(GONE, BACK)
    assert rig.look().dialogue.secret_length == 0
    assert rig.look().dialogue.deadline_ticks_ms == deadline
    rig.keys(rig.code(), OK)
    rig.settle(5)
    assert rig.debits() == [50_000]


def test_half_a_phone_number_is_nobodys():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.keys("0912")
    rig.tell(GONE, BACK)
    assert rig.look().dialogue.entered == ""
