"""A signed voucher while central is away: scanned, checked, looked at, taken once, stated, confirmed later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_client.bootstrap.simulate.central_offline import POLICY
from pos_client.bootstrap.simulate.world import DRIVER_PIN, INDIVIDUAL, OK, ORGANISATION, VOUCHER, Crash, Rig
from pos_client.domain import facts as f
from pos_client.domain.customer import ConsentMethod
from pos_client.domain.identifiers import PointId, VoucherId
from pos_client.domain.outbox import ItemKind
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services import receipts
from pos_client.services.snapshots import CustomerState, DialogueState, PointsPhase

ROUND_MS = 400_000
"""Longer than one round of the bundles."""


def away(rig: Rig | None = None) -> Rig:
    """Central has told all it has to, and is not heard any more."""
    rig = rig or Rig()
    rig.advance(1_000)
    rig.central.down = True
    rig.advance(8_000)
    return rig


def phase(rig: Rig) -> PointsPhase | None:
    return rig.picture.points_panel.phase if rig.picture.points_panel else None


def why(rig: Rig) -> str | None:
    panel = rig.look().points_panel
    return panel.reason.code if panel is not None and panel.reason is not None else None


def activated(rig: Rig, points: int = 100_000, **how: object) -> str:
    text = rig.activate(points, **how)  # type: ignore[arg-type]
    assert text is not None
    return text


def at_the_counter(rig: Rig, text: str, millilitres: int = 3_000) -> None:
    """A fuelling is on the screen and the voucher was scanned."""
    rig.fuel(2, millilitres)
    rig.select(2)
    rig.tell(m.Identify(text))


def close(rig: Rig) -> None:
    rig.settle()
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


def test_a_fuelling_is_paid_with_a_voucher_and_central_confirms_it_when_it_is_back():
    rig = Rig()
    text = activated(rig)
    away(rig)
    at_the_counter(rig, text)
    customer = rig.picture.customer
    assert customer is not None
    assert (customer.state, customer.by_voucher) == (CustomerState.KNOWN, True)
    assert (customer.methods, customer.points_available) == ((ConsentMethod.SIGNED_VOUCHER,), 100_000)
    rig.tell(m.StartRedemption())
    panel = rig.picture.points_panel
    assert panel is not None
    assert (panel.phase, panel.plate, panel.points) == (PointsPhase.CONFIRM_PLATE, "29C12345", 91_470)
    assert rig.facts(f.OfflineSpendIntended) == []
    rig.look_at_plate()
    assert phase(rig) is PointsPhase.SPENT_OFFLINE
    taken = rig.only(f.OfflineSpendIntended)
    assert (taken.points, taken.time_quality, taken.plate) == (91_470, "synced", "29C12345")
    assert rig.only(f.SalePaid)
    receipt = receipts.last(rig.desk)
    assert receipt is not None
    assert receipt.spent is not None
    assert (receipt.spent.offline, receipt.spent.confirmed) == (True, False)
    (item,) = [item for item in rig.store.waiting_items() if item.kind is ItemKind.OFFLINE]
    assert item.lane == taken.redemption_id
    assert rig.debits() == []
    close(rig)
    assert rig.debits() == [91_470]
    assert rig.only(f.Captured).points_released == 8_530


def test_gift_fuel_is_limited_by_the_voucher_and_what_flowed_is_stated():
    rig = Rig()
    text = activated(rig, 80_000)
    away(rig)
    rig.tell(m.Identify(text), m.StartRedemption())
    rig.look_at_plate()
    assert phase(rig) is PointsPhase.PERMIT
    assert rig.facts(f.OfflineSpendIntended) == []
    rig.select(2)
    assert rig.only(f.ArmIntended).preset_vnd == 80_000
    rig.act(rig.forecourt.lift, 2)
    rig.act(rig.forecourt.flow, 2, 2_000)
    rig.act(rig.forecourt.hang, 2)
    assert rig.only(f.DispenseFinished).amount_vnd == 60_980
    close(rig)
    assert rig.debits() == [60_980]


def test_a_vehicle_with_another_plate_gets_nothing_and_the_voucher_stays():
    rig = Rig()
    text = activated(rig)
    away(rig)
    at_the_counter(rig, text)
    rig.tell(m.StartRedemption())
    rig.look_at_plate(matches=False)
    assert phase(rig) is PointsPhase.OFFER
    assert rig.facts(f.OfflineSpendIntended) == []
    rig.tell(m.StartRedemption())
    rig.look_at_plate()
    close(rig)
    assert rig.debits() == [91_470]


def test_a_plate_nobody_looks_at_in_time_and_a_pump_nobody_names_take_nothing():
    rig = Rig()
    text = activated(rig)
    away(rig)
    for confirm in (False, True):
        rig.tell(m.Identify(text), m.StartRedemption())
        if confirm:
            rig.look_at_plate()
        rig.advance(130_000, step_ms=10_000)
        assert rig.terminal._redemptions.attempt is None
    assert rig.facts(f.OfflineSpendIntended) == []


def test_a_voucher_is_taken_once_before_and_after_a_restart_and_after_central_is_back():
    rig = Rig()
    text = activated(rig)
    away(rig)
    at_the_counter(rig, text, 1_000)
    rig.tell(m.StartRedemption())
    rig.look_at_plate()
    for again in range(3):
        if again == 1:
            rig.restart()
            rig.advance(8_000)
        if again == 2:
            rig.central.down = False
            rig.advance(30_000)
            rig.central.down = True
            rig.advance(8_000)
        at_the_counter(rig, text, 1_000)
        rig.tell(m.StartRedemption())
        assert why(rig) == "voucher_spent_here"
        rig.pay()
    close(rig)
    assert rig.debits() == [30_490]


REFUSED = {
    "voucher_other_station": lambda rig: activated(rig, station="CHXD999"),
    "voucher_over": lambda rig: activated(rig, lives_s=5),
}


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_what_the_voucher_itself_forbids(code):
    rig = Rig()
    text = REFUSED[code](rig)
    away(rig)
    at_the_counter(rig, text)
    rig.tell(m.StartRedemption())
    assert (phase(rig), why(rig)) == (PointsPhase.REFUSED, code)
    assert rig.picture.dialogue.state is DialogueState.REFUSED
    rig.pay()
    close(rig)


def test_a_withdrawn_voucher_is_refused_once_the_list_was_heard():
    rig = Rig()
    text = activated(rig)
    rig.advance(1_000)
    rig.central.ledger.vouchers["v-1"].revoked = True
    rig.advance(ROUND_MS, step_ms=10_000)
    away(rig)
    at_the_counter(rig, text)
    rig.tell(m.StartRedemption())
    assert why(rig) == "voucher_withdrawn"


def test_a_withdrawal_that_came_too_late_is_a_shortfall_and_somebody_is_told():
    rig = Rig()
    text = activated(rig)
    away(rig)
    rig.central.ledger.vouchers["v-1"].revoked = True
    at_the_counter(rig, text)
    rig.tell(m.StartRedemption())
    rig.look_at_plate()
    close(rig)
    assert rig.only(f.ShortfallRecorded).code == "voucher-revoked"
    assert "offline_shortfall" in rig.notices
    assert rig.debits() == []


def test_the_budget_of_the_till_counts_across_restarts_and_is_free_again_when_central_has_confirmed():
    rig = Rig()
    texts = [activated(rig, 110_000) for _ in range(4)]
    away(rig)
    seen = []
    for text in texts:
        at_the_counter(rig, text, 4_000)
        rig.tell(m.StartRedemption())
        rig.look_at_plate()
        seen.append(why(rig))
        rig.pay()
        rig.restart()
        rig.advance(8_000)
    assert seen == [None, None, None, "offline_vouchers_full"]
    assert [taken.points for taken in rig.facts(f.OfflineSpendIntended)] == [110_000, 110_000, 30_000]
    rig.central.down = False
    rig.advance(120_000, step_ms=5_000)
    away(rig)
    at_the_counter(rig, texts[3], 4_000)
    rig.tell(m.StartRedemption())
    rig.look_at_plate()
    close(rig)
    assert sorted(rig.debits()) == [30_000, 110_000, 110_000, 110_000]


def test_after_too_long_without_central_no_voucher_is_taken():
    rig = Rig()
    text = activated(rig)
    away(rig)
    rig.advance(POLICY.contact_age_s * 1000, step_ms=30_000)
    at_the_counter(rig, text)
    rig.tell(m.StartRedemption())
    rig.look_at_plate()
    assert why(rig) == "offline_too_long"


def test_a_clock_that_was_set_is_not_believed_and_the_sale_goes_on():
    rig = Rig()
    text = activated(rig)
    away(rig)
    rig.clock.set_wall(rig.clock.now().wall - timedelta(days=1))
    at_the_counter(rig, text)
    rig.tell(m.StartRedemption())
    assert why(rig) == "offline_time_unknown"
    rig.pay()
    close(rig)
    assert len(rig.facts(f.AccrualStated)) == 1


def test_after_a_new_start_of_the_machine_its_clock_is_believed_down_to_the_floor():
    rig = Rig()
    text = activated(rig)
    away(rig)
    rig.die()
    rig.clock.reboot(60_000)
    rig.boot()
    rig.advance(8_000)
    at_the_counter(rig, text, 1_000)
    rig.tell(m.StartRedemption())
    assert phase(rig) is PointsPhase.CONFIRM_PLATE
    rig.look_at_plate()
    assert rig.only(f.OfflineSpendIntended).time_quality == "wall"
    close(rig)


@pytest.mark.parametrize(
    ("who", "code"),
    [(INDIVIDUAL, "points_need_network"), (ORGANISATION, "points_need_network"), (VOUCHER, "voucher_not_activated")],
)
def test_everything_else_is_refused_with_its_own_words_and_still_earns(who, code):
    rig = away()
    rig.fuel(2, 3_000)
    rig.select(2)
    rig.tell(m.Identify(who))
    assert (phase(rig), why(rig)) == (PointsPhase.IMPOSSIBLE, code)
    assert rig.picture.dialogue.state is DialogueState.OFFLINE
    rig.tell(m.StartRedemption())
    assert rig.notices[-1] == code
    rig.pay()
    close(rig)
    assert len(rig.facts(f.AccrualStated)) == 1


def test_online_a_signed_voucher_is_used_by_its_code_with_the_pin_and_never_offline_afterwards():
    rig = Rig()
    text = activated(rig)
    rig.advance(1_000)
    at_the_counter(rig, text)
    rig.tell(m.StartRedemption())
    assert phase(rig) is PointsPhase.WAITING_SECRET
    assert rig.only(f.HoldIntended).activation == VoucherId("v-1")
    rig.keys(DRIVER_PIN, OK)
    assert rig.only(f.SalePaid)
    away(rig)
    at_the_counter(rig, text, 1_000)
    rig.tell(m.StartRedemption())
    assert why(rig) == "voucher_spent_here"


def test_a_spend_that_was_begun_offline_goes_on_there_when_central_comes_back():
    rig = Rig()
    text = activated(rig)
    away(rig)
    at_the_counter(rig, text)
    rig.tell(m.StartRedemption())
    rig.central.down = False
    rig.advance(15_000)
    rig.look_at_plate()
    rig.advance(3_000)
    assert phase(rig) is PointsPhase.DONE
    assert rig.debits() == [91_470]
    close(rig)


def test_a_voucher_spent_offline_is_not_used_online_before_central_has_confirmed():
    rig = Rig()
    text = activated(rig)
    away(rig)
    at_the_counter(rig, text, 1_000)
    rig.tell(m.StartRedemption())
    rig.look_at_plate()
    rig.central.fail("SpendOffline", *["lost"] * 40)
    rig.central.down = False
    rig.advance(9_000)
    at_the_counter(rig, VOUCHER, 1_000)
    rig.tell(m.StartRedemption())
    assert rig.notices[-1] == "voucher_settling"
    rig.pay()
    close(rig)


def test_nothing_flowed_gives_everything_back_and_uses_the_voucher_up():
    rig = Rig()
    text = activated(rig)
    away(rig)
    rig.tell(m.Identify(text), m.StartRedemption())
    rig.look_at_plate()
    rig.select(2)
    rig.act(rig.forecourt.lift, 2)
    rig.act(rig.forecourt.hang, 2)
    close(rig)
    assert rig.debits() == []
    assert rig.only(f.Voided)
    assert rig.central.ledger.vouchers["v-1"].state == "VOIDED"


@pytest.mark.parametrize("commit", range(1, 9))
def test_the_power_goes_at_any_commit_of_a_gift_and_the_ledgers_agree(commit):
    rig = Rig()
    text = activated(rig)
    away(rig)
    rig.store.crash_after = rig.store.commits + commit
    try:
        rig.tell(m.Identify(text), m.StartRedemption())
        rig.look_at_plate()
        rig.select(2)
        rig.act(rig.forecourt.lift, 2)
        rig.act(rig.forecourt.flow, 2, 2_000)
        rig.act(rig.forecourt.hang, 2)
    except Crash:
        rig.restart()
        rig.run()
    rig.store.crash_after = None
    close(rig)


def test_a_damaged_or_forged_text_is_said_to_be_so():
    rig = Rig()
    text = activated(rig)
    away(rig)
    rig.tell(m.Identify(text[:-1]))
    assert rig.notices[-1] == "voucher_forged"
    rig.tell(m.Identify("PLXV.rubbish"))
    assert rig.notices[-1] == "voucher_unreadable"


def test_without_bundles_no_voucher_is_read():
    rig = Rig()
    rig.store.journal[:] = [e for e in rig.store.journal if not isinstance(e.fact, f.BundleAdopted)]
    rig.restart()
    rig.desk.state.bundles.clear()
    rig.central.down = True
    rig.tell(m.Identify(activated(rig)))
    assert rig.notices[-1] == "voucher_key_unknown"


def test_a_bundle_that_is_older_than_ours_is_not_taken():
    rig = Rig()
    rig.advance(1_000)
    newest = {e.fact.bundle: e.fact.number for e in rig.store.journal if isinstance(e.fact, f.BundleAdopted)}
    assert set(newest) == {"bundle:policy", "bundle:keys", "bundle:revocations", "bundle:prices"}
    old = rig.desk.state.bundles["revocations"]
    rig.advance(2 * ROUND_MS, step_ms=10_000)
    young = rig.desk.state.bundles["revocations"]
    assert young.issued_at > old.issued_at
    rig.terminal._bundles._adopt(old)
    assert rig.desk.state.bundles["revocations"] is young


def test_points_of_a_pump_that_gives_other_products_are_refused():
    rig = Rig()
    text = activated(rig)
    away(rig)
    voucher = rig.desk.wire.read_voucher(text, {"sim": "k"})
    offline = rig.terminal._vouchers.offline
    assert offline.grades_at(PointId(1)) == frozenset({"E10", "E5"})
    limited = type(voucher)(**{**{n: getattr(voucher, n) for n in voucher.__slots__}, "products": ("DO",)})
    with pytest.raises(Exception, match="voucher_other_product"):
        offline.check(limited, offline.grades_at(PointId(1)), plate_confirmed=True)
    assert offline.check(limited, offline.grades_at(PointId(2)), plate_confirmed=True) == 100_000


def test_money_is_taken_for_what_the_voucher_does_not_cover():
    rig = Rig()
    text = activated(rig, 50_000)
    away(rig)
    at_the_counter(rig, text)
    rig.tell(m.StartRedemption())
    rig.look_at_plate()
    sale = rig.picture.sale
    assert sale is not None
    assert sale.due_vnd == 41_470
    rig.pay(TenderKind.CASH)
    close(rig)
    assert rig.debits() == [50_000]
