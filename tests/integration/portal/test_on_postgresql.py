"""The portal over a PostgreSQL: the customer's four steps to fuel, vouchers and their spreadsheets, the desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pos_client.domain.customer import ConsentMethod
from pos_client.ports import central as port
from pos_client.sandbox.central.ledger import passwords
from tests.central import RunningCentral, Till
from tests.integration.portal import test_office, test_people, test_vouchers
from tests.integration.portal.test_office import office, till  # noqa: F401 - fixtures
from tests.integration.portal.test_vouchers import organisation  # noqa: F401 - a fixture
from tests.portal import running_portal


@pytest.fixture(scope="module")
def central(postgres) -> Iterator[RunningCentral]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", passwords.COST_OF_SANDBOX)
        with running_portal(seed=7, database=postgres.empty_database()) as running:
            yield running


test_every_bad_row_is_told = test_vouchers.test_every_bad_row_of_a_spreadsheet_is_told_and_none_is_applied
test_the_template_filled_in = test_vouchers.test_the_template_filled_in_makes_vouchers
test_a_voucher_moves_its_points = test_vouchers.test_a_voucher_is_looked_at_then_made_and_moves_its_points
test_cancelling_returns_the_points = test_vouchers.test_cancelling_returns_the_points_to_their_very_lots
test_the_fund_is_split = test_vouchers.test_the_fund_is_split_by_vehicle_in_one_go
test_the_list_is_filtered = test_vouchers.test_the_list_is_filtered_and_a_filter_is_no_pattern
test_the_statement_goes_along = test_vouchers.test_the_statement_tells_of_every_move_and_goes_along_as_a_file
test_the_right = test_people.test_the_right_is_granted_withdrawn_and_works_at_once
test_what_was_done = test_people.test_what_was_done_can_be_read_by_the_organisation_and_by_head_office
test_a_dispute = test_office.test_a_dispute_reaches_the_desk_and_its_decision_the_customer
test_a_sale_under_review = test_office.test_a_sale_under_review_earns_when_the_desk_says_so
test_a_sale_claimed_twice = test_office.test_a_sale_claimed_twice_is_a_case_and_a_sign
test_a_station = test_office.test_a_station_is_added_and_found_whatever_its_name_looks_like


def test_the_four_steps_end_in_fuel(organisation, visitor, central):  # noqa: F811 - the fixture
    """A13-A16: a voucher is made, the right granted, the PIN made by its driver, and proved at a station."""
    who, code = test_people.add(organisation, "Trịnh Văn Sơn")
    driver = test_people.first(visitor, who, code)
    voucher = test_vouchers.make(organisation, driver=who, points="250.000")
    till = Till(central.addresses)  # noqa: F811 - one of its own
    try:
        refused = till.hold(voucher, 60_000)[1]
        assert isinstance(refused, port.Problem)
        assert refused.code == "voucher-right-missing"
        organisation.get("/people")
        organisation.post(f"/people/driver/{who}/right", right="own")
        driver.get("/pin")
        driver.post("/pin", pin="914725", again="914725")
        assert till.look_up(voucher).methods == (ConsentMethod.DRIVER_PIN,)
        redemption, placed = till.hold(voucher, 250_000)
        assert isinstance(till.verify(redemption, 1, placed, "914725"), port.ConsentVerified)
        fuelled = till.capture(redemption, 180_000, grade_code="DO-005S")
        assert till.call(fuelled) == port.RedemptionCaptured(180_000, 70_000, 70_000)
    finally:
        till.close()
    driver.get("/mine")
    assert "70.000" in driver.text
    organisation.get(f"/vouchers/{voucher}")
    assert "180.000" in organisation.text
