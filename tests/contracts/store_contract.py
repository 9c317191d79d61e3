"""What every store promises (`ports.store.Store`). SqliteStore and the one in memory inherit these tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pos_client.domain.acknowledgement import Acknowledgement
from pos_client.domain.facts import (
    AccrualStated,
    ArmIntended,
    CustomerAttached,
    FuellingCompleted,
    HoldIntended,
    OfflineSpendIntended,
    SaleOpened,
    SalePaid,
    SaleReleased,
    TenderTaken,
    TerminalStarted,
    TotalizerNoted,
)
from pos_client.domain.identifiers import (
    AccrualId,
    FuellingId,
    IdempotencyKey,
    NozzleId,
    PointId,
    RedemptionId,
    SaleId,
    TerminalId,
    VoucherId,
)
from pos_client.domain.moment import VIETNAM
from pos_client.domain.outbox import DeliveryState, ItemKind, OutboxItem
from pos_client.ports.store import KEPT_FOR, Change, Store

HEARD = DeliveryState.DELIVERED
AT = datetime(2026, 11, 23, 8, 30, 15, 123456, tzinfo=VIETNAM)


def opened(n: int) -> SaleOpened:
    return SaleOpened(SaleId(f"sale-{n}"), FuellingId(f"CHXD018-1-1-{n}"), f"T1-{n:06d}")


def item(n: int, state: DeliveryState = DeliveryState.PENDING) -> OutboxItem:
    return OutboxItem(
        key=IdempotencyKey(f"acc-{n}:accrue"),
        kind=ItemKind.ACCRUAL,
        subject=f"acc-{n}",
        lane=f"account-{n % 2}",
        method="PUT",
        path=f"/v1/accruals/acc-{n}",
        body=f'{{"n":{n}}}'.encode() + b"\x00\xff",
        created_at=AT.isoformat(),
        state=state,
    )


TERMINAL = TerminalId("T1")


def taken(redemption: str, voucher: str) -> OfflineSpendIntended:
    return OfflineSpendIntended(
        RedemptionId(redemption), VoucherId(voucher), "pay", 9, "P-1", "29C1", "B", AT.isoformat(), "wall", 1
    )


def fuelled(point: int, nozzle: int, end_ml: int) -> FuellingCompleted:
    name = FuellingId(f"CHXD018-{point}-{nozzle}-{end_ml}")
    return FuellingCompleted(
        name, PointId(point), NozzleId(nozzle), "E10", "E10", 27_080, 500, 13_540, end_ml - 500, end_ml, AT.isoformat()
    )


def sold(point: int, nozzle: int, end_ml: int, n: int = 1) -> SaleOpened:
    name = fuelled(point, nozzle, end_ml).fuelling_id
    return SaleOpened(SaleId(f"sale-{name}-{n}"), name, f"T1-{end_ml:06d}-{n}")


class StoreContract:
    """Inherit and give a fresh `store` fixture."""

    @pytest.fixture
    def store(self) -> Store:
        raise NotImplementedError

    def test_a_new_store_has_empty_books(self, store: Store):
        books = store.open_books()
        assert (books.entries, books.items, books.totalizers, books.turned, books.receipt_counter) == (
            (),
            (),
            {},
            {},
            0,
        )
        assert list(store.recent(10)) == []
        assert list(store.entries_of("nobody")) == []

    def test_facts_are_numbered_from_one_without_gaps(self, store: Store):
        first = store.commit(Change(facts=(opened(1), opened(2))), AT)
        second = store.commit(Change(facts=(opened(3),)), AT + timedelta(seconds=1))
        assert [entry.seq for entry in (*first, *second)] == [1, 2, 3]
        assert [entry.fact for entry in store.recent(2)] == [opened(3), opened(2)]
        assert list(store.recent(0)) == []

    def test_a_fact_comes_back_as_it_was(self, store: Store):
        facts = (
            ArmIntended(RedemptionId("r-1"), PointId(3), ((NozzleId(1), 123_456_789), (NozzleId(2), 0)), 95_400),
            CustomerAttached(
                SaleId("sale-1"), "seal:AAA=", "0912 *** 678", "NGUYỄN V*** Ă", "individual", verified=True
            ),
            TotalizerNoted("CHXD018-1-1", PointId(1), NozzleId(1), 2**45),
            TerminalStarted("T1", "0.1.0", "kho “đầy” \\ \n"),
        )
        store.commit(Change(facts=facts), AT)
        back = store.open_books().entries
        assert tuple(entry.fact for entry in back) == facts
        assert {entry.at for entry in back} == {AT}
        assert all(entry.at.utcoffset() == timedelta(hours=7) for entry in back)

    def test_open_books_hold_open_subjects_only_and_in_order(self, store: Store):
        store.commit(Change(facts=(opened(1), opened(2), opened(3))), AT)
        store.commit(Change(facts=(SaleReleased(SaleId("sale-2"), "cashier"),), closed=("sale-2",)), AT)
        store.commit(Change(facts=(AccrualStated(AccrualId("acc-1"), SaleId("sale-1"), FuellingId("f")),)), AT)
        assert [entry.seq for entry in store.open_books().entries] == [1, 3, 5]
        assert [entry.seq for entry in store.entries_of("sale-2")] == [2, 4]
        assert store.open_books().receipt_counter == 3

    def test_a_closed_subject_stays_closed(self, store: Store):
        store.commit(Change(facts=(opened(1),), closed=("sale-1", "never-heard-of")), AT)
        store.commit(Change(facts=(SaleReleased(SaleId("sale-1"), "late"),)), AT)
        store.commit(Change(facts=(SaleReleased(SaleId("never-heard-of"), "late"),)), AT)
        assert store.open_books().entries == ()
        assert len(store.entries_of("sale-1")) == 2

    def test_items_wait_in_the_order_they_came_whatever_becomes_of_them(self, store: Store):
        store.commit(Change(items=(item(2), item(1))), AT)
        store.commit(Change(items=(item(3),)), AT)
        tried = replace(item(2), state=DeliveryState.IN_DOUBT, attempts=4, due_ms=9_000_000_000, last_problem="hết giờ")
        store.commit(Change(items=(tried, replace(item(3), state=DeliveryState.PARKED))), AT)
        assert list(store.waiting_items()) == [tried, item(1), item(3, DeliveryState.PARKED)]
        assert list(store.open_books().items) == list(store.waiting_items())

    def test_a_delivered_item_waits_no_more(self, store: Store):
        store.commit(Change(items=(item(1), item(2))), AT)
        store.commit(Change(items=(item(1, DeliveryState.DELIVERED), item(7, DeliveryState.DELIVERED))), AT)
        assert list(store.waiting_items()) == [item(2)]

    def test_the_last_totalizer_of_each_nozzle_is_known_and_what_was_counted_before(self, store: Store):
        store.commit(Change(totalizers=((PointId(1), NozzleId(1), 900, 0), (PointId(1), NozzleId(2), 5, 7_000))), AT)
        store.commit(Change(totalizers=((PointId(1), NozzleId(1), 250, 1_000),)), AT)
        books = store.open_books()
        assert books.totalizers == {(1, 1): 250, (1, 2): 5}
        assert books.turned == {(1, 1): 1_000, (1, 2): 7_000}

    def test_what_was_written_behind_a_number(self, store: Store):
        store.commit(Change(facts=(opened(1), opened(2)), closed=("sale-1",)), AT)
        third = store.commit(Change(facts=(opened(3),)), AT)
        assert tuple(store.entries_after(2)) == tuple(third)
        assert [entry.seq for entry in store.entries_after(0)] == [1, 2, 3]
        assert tuple(store.entries_after(3)) == ()

    def test_the_stories_of_a_nozzle_are_its_fuellings_and_their_sales(self, store: Store):
        first, other = fuelled(1, 1, 1_000), fuelled(1, 2, 1_000)
        again = sold(1, 1, 1_000, n=2)
        released = SaleReleased(sold(1, 1, 1_000).sale_id, "cashier")
        paid = SalePaid(again.sale_id, AT.isoformat(), 0, "", "")
        taken = TenderTaken(again.sale_id, "cash", 13_540)
        facts = (
            first,
            other,
            fuelled(11, 1, 7_000),
            sold(1, 1, 1_000),
            released,
            sold(1, 2, 1_000),
            again,
            taken,
            paid,
        )
        store.commit(Change(facts=facts, closed=(first.fuelling_id,)), AT)
        kinds = (FuellingCompleted, SaleOpened, SaleReleased, SalePaid)
        found = store.stories_at(PointId(1), NozzleId(1), 0, None, kinds)
        assert [entry.fact for entry in found] == [first, sold(1, 1, 1_000), released, again, paid]
        assert [entry.seq for entry in found] == [1, 4, 5, 7, 9]
        assert tuple(store.stories_at(PointId(3), NozzleId(1), 0, None, kinds)) == ()

    def test_a_stretch_of_the_journal_bounds_the_fuellings_not_what_became_of_them(self, store: Store):
        facts = (fuelled(1, 1, 1_000), fuelled(1, 1, 2_000), fuelled(1, 1, 3_000), sold(1, 1, 2_000), sold(1, 1, 1_000))
        store.commit(Change(facts=facts), AT)
        found = store.stories_at(PointId(1), NozzleId(1), 1, 2, (FuellingCompleted, SaleOpened))
        assert [entry.fact for entry in found] == [facts[1], facts[3]]

    def test_an_empty_change_is_fine(self, store: Store):
        assert list(store.commit(Change(), AT)) == []

    def test_an_item_is_never_sent_with_other_bytes(self, store: Store):
        store.commit(Change(items=(item(1),)), AT)
        with pytest.raises(Exception, match=r"frozen|as it was made"):
            store.commit(Change(facts=(opened(1),), items=(replace(item(1), body=b"{}"),)), AT)
        assert list(store.waiting_items()) == [item(1)]
        assert store.open_books().entries == ()

    def test_a_signed_voucher_is_taken_once_and_a_second_time_writes_nothing(self, store: Store):
        assert not store.is_spent(VoucherId("v-1"))
        store.commit(Change((taken("r-1", "v-1"),), closed=("r-1",)), AT)
        assert store.is_spent(VoucherId("v-1"))
        with pytest.raises(Exception, match=r"UNIQUE|once"):
            store.commit(Change((opened(1), taken("r-2", "v-1"))), AT)
        assert [entry.subject for entry in store.recent(9)] == ["r-1"]
        store.commit(Change((taken("r-2", "v-2"),)), AT)

    def test_a_voucher_in_hand_when_points_were_held_online_is_taken_too(self, store: Store):
        held = HoldIntended(RedemptionId("r-1"), "pay", 1, "driver_pin", "ref", "B", activation=VoucherId("v-1"))
        store.commit(Change((held,)), AT)
        store.commit(Change((replace(held, redemption_id=RedemptionId("r-2")),)), AT)
        assert store.is_spent(VoucherId("v-1"))
        assert not store.is_spent(VoucherId("v-2"))

    def test_the_newest_fact_of_a_subject_is_found_closed_or_not(self, store: Store):
        assert store.last_of("T1") is None
        for version in ("1", "2"):
            store.commit(Change((TerminalStarted(TERMINAL, version, "x"), opened(int(version))), closed=("T1",)), AT)
        found = store.last_of("T1")
        assert found is not None
        assert found.fact == TerminalStarted(TERMINAL, "2", "x")

    def test_what_central_has_heard_is_kept_as_it_was_sent_beside_the_row_that_says_so(self, store: Store):
        store.commit(Change(facts=(opened(1),), items=(item(1), item(2))), AT)
        store.commit(Change(facts=(opened(2), opened(3)), items=(replace(item(1), attempts=4, state=HEARD),)), AT)
        store.commit(Change(items=(replace(item(2), state=HEARD),)), AT)
        assert store.waiting_items() == []
        assert list(store.delivered_in(1, 2)) == []
        assert list(store.delivered_in(3, 3)) == [item(1).key]
        assert list(store.delivered_in(4, 9)) == [item(2).key]  # no row said it: the next one does
        assert store.delivered(item(1).key) == item(1, HEARD)
        assert store.delivered(IdempotencyKey("nobody")) is None

    def test_a_record_that_is_sent_again_waits_again_and_is_heard_at_a_later_row(self, store: Store):
        store.commit(Change(facts=(opened(1),), items=(item(1),)), AT)
        store.commit(Change(facts=(opened(2),), items=(item(1, HEARD),)), AT)
        store.commit(Change(items=(item(1),)), AT)
        assert store.waiting_items() == [item(1)]
        store.commit(Change(facts=(opened(3),), items=(item(1, HEARD),)), AT)
        assert list(store.delivered_in(1, 2)) == []
        assert list(store.delivered_in(3, 3)) == [item(1).key]

    def test_what_was_heard_long_ago_goes_when_it_is_acknowledged_and_not_before(self, store: Store):
        store.commit(Change(facts=(opened(1),), items=(item(1, HEARD),)), AT)
        late = AT + KEPT_FOR + timedelta(seconds=1)
        store.commit(Change(facts=(opened(2),), items=(item(2, HEARD),)), late)
        assert store.delivered(item(1).key) is not None
        store.commit(Change(acknowledged=Acknowledgement(1, 1, bytes(32), AT.isoformat(), "signed")), late)
        store.commit(Change(facts=(opened(3),), items=(item(3, HEARD),)), late)
        assert store.delivered(item(1).key) is None
        assert list(store.delivered_in(1, 9)) == [item(2).key, item(3).key]
