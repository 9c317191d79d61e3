"""Central's side of vouchers that are spent while it is away: activated, signed, stated, withdrawn, given back."""

from __future__ import annotations

import base64
from datetime import timedelta
from itertools import count

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pos_client.adapters.central_http.seals import Sealer
from pos_client.domain.errors import RuleViolation
from pos_client.protocols.central import bundles as wire
from pos_client.protocols.central import messages as m
from pos_client.protocols.central import permit, voucher
from pos_client.protocols.central.sealing import secret_info
from pos_client.protocols.central.voucher_messages import ACTIVATION, ActivationRequest, OfflineSpendRequest
from pos_client.sandbox.central.ledger import (
    activated,
    bundles,
    customers,
    limits,
    offline_redemptions,
    redemptions,
    voucher_activations,
)
from pos_client.sandbox.central.ledger.outcome import Answer, Refusal
from pos_client.sandbox.central.overview import overview
from pos_client.sandbox.central.scenario import set_up
from tests.central import STATION, TERMINAL, TestClock, a_service, digits, running_central, the_scenario

CODE, PIN, DRIVER = "P-00231", "135790", "LX-01"


class Central:
    """A ledger with the sandbox's people, and a voucher's life in a few words."""

    def __init__(self, database):
        self.clock = TestClock()
        self.service = a_service(self.clock, database)
        self._ids = count(1)
        with self.service.book() as book:
            set_up(book, the_scenario())

    def close(self):
        self.service.engine.dispose()

    def decide(self, decide):
        with self.service.book() as book:
            return decide(book)

    def activate(self, points=300_000, *, code=CODE, pin=PIN, station=STATION, activation=None, sealed_for=None):
        activation = activation or f"v-{next(self._ids)}"
        info = secret_info(sealed_for or activation, ACTIVATION, TERMINAL, points)
        sealed = Sealer(self.service.keys.seals.public_b64).secret(digits(pin), info)
        asked = ActivationRequest(activation_id=activation, station=station, points=points, sealed=sealed)
        return self.decide(lambda book: voucher_activations.ask(book, code, TERMINAL, asked))

    def spend(self, voucher_id, amount=120_000, *, redemption=None, station=STATION, grade="DO-005S", points=500_000):
        stated = OfflineSpendRequest(
            voucher_id=voucher_id,
            station=station,
            points=points,
            amount_vnd=amount,
            spent_at="2026-11-23T09:00:00+07:00",
            time_quality="holdover",
            revocations=1,
            grade_code=grade,
        )
        name = redemption or f"r-{next(self._ids)}"
        answer = self.decide(lambda book: offline_redemptions.record(book, name, TERMINAL, stated))
        return answer.message if isinstance(answer, Answer) else answer

    def fund(self, code=CODE):
        found = self.decide(overview)
        assert all(fund["balanced"] for kind in ("accounts", "vouchers", "pools") for fund in found[kind])
        return next((row["available"], row["held"], row["debits"]) for row in found["vouchers"] if row["code"] == code)

    def later(self, **how):
        self.clock.at += timedelta(**how)


BOTH_DATABASES = pytest.mark.parametrize("central", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def central(request):
    database = "sqlite:///:memory:"
    if getattr(request, "param", "") == "postgresql":
        database = request.getfixturevalue("postgres").empty_database()
    made = Central(database)
    yield made
    made.close()


@pytest.fixture(scope="module")
def running():
    with running_central(seed=5) as found:
        yield found


def policy_in(signed):
    content = wire.body_of(wire.split(signed)[0])[1]
    assert isinstance(content, wire.PolicyContent)
    return content


def code_of(outcome):
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def test_an_activated_voucher_is_signed_held_and_fits_a_qr_code(central):
    answer = central.activate().message
    payload, signature = voucher.split(answer.voucher)
    keys = central.service.keys
    Ed25519PublicKey.from_public_bytes(base64.b64decode(keys.vouchers.public_b64)).verify(
        signature, voucher.signed_bytes(payload)
    )
    body = voucher.body_of(payload)
    assert (body.code, body.plate, body.station, body.max_points) == (CODE, "29C12345", STATION, 300_000)
    assert (body.kid, body.purpose, body.holder) == (keys.vouchers.kid, "fuel-redeem", "Xây d***")
    assert body.not_after - body.not_before == 12 * 3600 + voucher_activations.EARLY_S
    assert len(answer.voucher) <= voucher.LONGEST
    assert central.fund() == (200_000, 300_000, 0)


def test_a_signature_for_one_thing_passes_for_nothing_else(central):
    payload, signature = voucher.split(central.activate().message.voucher)
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(central.service.keys.vouchers.public_b64))
    for other in (payload, wire.signed_bytes(payload)):
        with pytest.raises(InvalidSignature):
            key.verify(signature, other)
    assert len(signature) == permit.SIGNATURE_BYTES


def test_a_voucher_lives_no_longer_than_its_own_last_day(central):
    central.later(days=40, hours=15)  # 23:00 on the last day
    body = voucher.body_of(voucher.split(central.activate().message.voucher)[0])
    assert body.not_after - body.not_before < 2 * 3600


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"pin": "000000"}, "credential-wrong"),
        ({"code": "P-99999"}, "voucher-not-active"),
        ({"station": "CHXD999"}, "station-mismatch"),
        ({"points": 500_001}, "above-offline-limit"),
        ({"code": "P-00232", "pin": "864209", "points": 350_001}, "insufficient-points"),
    ],
)
def test_what_may_not_be_activated_holds_nothing(central, how, code):
    before = central.fund(how.get("code", CODE)) if how.get("code") != "P-99999" else None
    assert code_of(central.activate(**how)) == code
    if before is not None:
        assert central.fund(how.get("code", CODE)) == before


def test_wrong_pins_are_counted_across_activations_and_lock(central):
    codes = [code_of(central.activate(pin="000000")) for _ in range(5)]
    assert codes == ["credential-wrong"] * 4 + ["credential-locked"]
    assert code_of(central.activate()) == "credential-locked"


def test_a_pin_sealed_for_another_activation_does_not_open_and_is_not_counted(central):
    with pytest.raises(ValueError, match="seal"):
        central.activate(sealed_for="v-other")
    assert central.activate().status == 201


def test_the_same_activation_is_the_same_voucher_and_a_second_one_has_to_wait(central):
    first = central.activate(activation="v-x").message
    assert central.activate(activation="v-x").message == first
    assert code_of(central.activate(points=100_000)) == "voucher-already-activated"


@BOTH_DATABASES
def test_a_spent_voucher_is_debited_once_and_its_rest_released(central):
    voucher_id = central.activate().message.voucher_id
    first = central.spend(voucher_id, 120_000, redemption="r-x")
    assert (first.state, first.points_debited, first.points_released) == ("CAPTURED", 120_000, 180_000)
    assert central.spend(voucher_id, 120_000, redemption="r-x") == first
    again = central.spend(voucher_id, 90_000)
    assert (again.state, again.points_debited, again.shortfall_code) == ("SHORTFALL", 0, "voucher-double-spend")
    assert central.fund() == (380_000, 0, 120_000)
    assert [i["kind"] for i in central.decide(overview)["incidents"]] == ["shortfall:voucher-double-spend"]


def test_an_id_that_is_used_for_another_voucher_is_refused(central):
    voucher_id = central.activate().message.voucher_id
    central.spend(voucher_id, redemption="r-x")
    assert code_of(central.spend("v-other", redemption="r-x")) == "redemption-state-conflict"


def test_no_more_is_debited_than_the_till_took_the_voucher_for(central):
    answer = central.spend(central.activate(100_000).message.voucher_id, 60_300, points=60_000)
    assert (answer.points_debited, answer.points_released, answer.excess_vnd) == (60_000, 40_000, 300)


def test_fuel_above_the_voucher_is_the_station_s(central):
    answer = central.spend(central.activate(100_000).message.voucher_id, 100_700)
    assert (answer.points_debited, answer.excess_vnd) == (100_000, 700)


@pytest.mark.parametrize(
    ("how", "code"),
    [({"station": "CHXD019"}, "station-mismatch"), ({"grade": "E5-92-II"}, "product-not-allowed")],
)
def test_fuel_the_voucher_was_not_for_is_recorded_and_not_debited(central, how, code):
    voucher_id = central.activate(code="P-00232", pin="864209").message.voucher_id
    answer = central.spend(voucher_id, **how)
    assert (answer.state, answer.shortfall_code, answer.points_debited) == ("SHORTFALL", code, 0)
    assert central.fund("P-00232") == (50_000, 300_000, 0)


def test_a_voucher_nobody_signed_is_a_shortfall(central):
    assert central.spend("v-forged").shortfall_code == "voucher-unknown"


@BOTH_DATABASES
def test_a_withdrawn_voucher_is_listed_and_its_fuel_is_a_shortfall_but_its_points_wait(central):
    voucher_id = central.activate().message.voucher_id
    assert central.decide(lambda book: voucher_activations.revoke(book, voucher_id, "lost"))
    assert not central.decide(lambda book: voucher_activations.revoke(book, voucher_id, "lost"))
    assert central.decide(activated.revoked_ids) == (voucher_id,)
    assert central.spend(voucher_id).shortfall_code == "voucher-revoked"
    assert central.fund() == (200_000, 300_000, 0)
    central.later(seconds=12 * 3600 + voucher_activations.ADVICE_MAY_TAKE_S + 1)
    assert central.fund() == (500_000, 0, 0)
    assert central.decide(activated.revoked_ids) == ()


def test_points_come_back_only_when_no_statement_can_be_under_way_and_a_later_one_is_a_shortfall(central):
    voucher_id = central.activate().message.voucher_id
    central.later(seconds=12 * 3600 + voucher_activations.ADVICE_MAY_TAKE_S - 1)
    assert central.fund() == (200_000, 300_000, 0)
    central.later(seconds=2)
    assert central.fund() == (500_000, 0, 0)
    late = central.spend(voucher_id)
    assert (late.state, late.shortfall_code, late.points_debited) == ("SHORTFALL", "voucher-released", 0)
    assert central.fund() == (500_000, 0, 0)


def test_a_statement_that_nothing_flowed_gives_everything_back_and_uses_the_voucher_up(central):
    voucher_id = central.activate().message.voucher_id
    nothing = central.spend(voucher_id, 0)
    assert (nothing.state, nothing.points_released, nothing.shortfall_code) == ("VOIDED", 300_000, None)
    assert central.fund() == (500_000, 0, 0)
    assert central.spend(voucher_id).shortfall_code == "voucher-double-spend"


def _look_up(central, station):
    request = m.LookupRequest(identifier=m.IdentifierText(kind="voucher", text=CODE))
    return central.decide(lambda book: customers.look_up(book, request, station)).message


def _hold(central, reference, points, station=STATION, redemption="r-online"):
    asked = m.HoldRequest(station=station, customer_ref=reference, points=points, flow="pay")
    return central.decide(lambda book: redemptions.hold(book, redemption, TERMINAL, asked))


def test_at_its_own_station_an_activated_voucher_can_be_used_online_and_is_then_worth_nothing_offline(central):
    voucher_id = central.activate().message.voucher_id
    assert _look_up(central, "CHXD999").points_available == 200_000
    found = _look_up(central, STATION)
    assert found.points_available == 500_000
    assert isinstance(_hold(central, found.customer_ref, 450_000), Answer)
    assert central.fund() == (50_000, 450_000, 0)
    assert central.decide(activated.revoked_ids) == (voucher_id,)
    assert central.spend(voucher_id).shortfall_code == "voucher-revoked"


def test_a_hold_the_rest_of_the_voucher_covers_leaves_the_activation_alone(central):
    voucher_id = central.activate().message.voucher_id
    assert isinstance(_hold(central, _look_up(central, STATION).customer_ref, 200_000), Answer)
    assert central.spend(voucher_id, 300_000).points_debited == 300_000
    assert central.fund() == (0, 200_000, 300_000)


def test_a_hold_elsewhere_cannot_take_what_is_activated_here(central):
    central.activate()
    reference = _look_up(central, STATION).customer_ref
    assert code_of(_hold(central, reference, 450_000, station="CHXD999")) == "insufficient-points"
    assert central.fund() == (200_000, 300_000, 0)


@BOTH_DATABASES
def test_bundles_are_signed_numbered_and_issued_anew_when_they_change_or_grow_old(central):
    first = central.decide(lambda book: bundles.current(book, "revocations"))
    assert central.decide(lambda book: bundles.current(book, "revocations")) == first
    payload, signature = wire.split(first.signed)
    root = Ed25519PublicKey.from_public_bytes(base64.b64decode(central.service.keys.permits.public_b64))
    root.verify(signature, wire.signed_bytes(payload))
    with pytest.raises(InvalidSignature):
        root.verify(signature, payload)
    voucher_id = central.activate().message.voucher_id
    central.decide(lambda book: voucher_activations.revoke(book, voucher_id, "lost"))
    second = central.decide(lambda book: bundles.current(book, "revocations"))
    body, content = wire.body_of(wire.split(second.signed)[0])
    assert isinstance(content, wire.RevocationsContent)
    assert (body.number, content.voucher_ids) == (first.number + 1, (voucher_id,))
    central.later(hours=1)
    assert central.decide(lambda book: bundles.current(book, "revocations")).number == first.number + 2


def test_every_bundle_of_the_table_is_made_and_read(central):
    for name, kind in wire.CONTENTS.items():
        issue = central.decide(lambda book, name=name: bundles.current(book, name))
        body, content = wire.body_of(wire.split(issue.signed)[0])
        assert (body.name, type(content)) == (name, kind)
    assert central.decide(lambda book: bundles.current(book, "weather")) is None


def test_head_office_s_limits_reach_the_policy_and_the_activation(central):
    central.decide(lambda book: limits.set_limit(book, "voucher_most_vnd", 200_000))
    assert code_of(central.activate()) == "above-offline-limit"
    issue = central.decide(lambda book: bundles.current(book, "policy"))
    assert policy_in(issue.signed).voucher_most_vnd == 200_000
    with pytest.raises(RuleViolation):
        central.decide(lambda book: limits.set_limit(book, "generosity", 1))
    with pytest.raises(RuleViolation):
        central.decide(lambda book: limits.set_limit(book, "contact_age_s", -1))


def test_over_the_wire_a_bundle_is_told_once_and_then_304(running):
    first = running.post("GET", "/v1/bundles/policy", b"")
    tag = first.headers["ETag"]
    assert wire.body_of(wire.split(first.json()["signed"])[0])[0].number == first.json()["number"]
    again = running.post("GET", "/v1/bundles/policy", b"", If_None_Match=tag)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    unknown = running.post("GET", "/v1/bundles/weather", b"")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown-bundle")


def test_the_control_address_activates_withdraws_and_sets_limits(running):
    asked = {"code": CODE, "station": STATION, "points": 200_000, "pin": PIN}
    told = running.control("POST", "/control/activations", asked)
    assert voucher.body_of(voucher.split(told["voucher"])[0]).voucher_id == told["voucher_id"]
    assert running.control("POST", "/control/activations", asked) == {"refused": "voucher-already-activated"}
    voucher_id = {"voucher_id": told["voucher_id"]}
    assert running.control("POST", "/control/revocations", voucher_id) == {"revoked": True}
    running.control("POST", "/control/limits", {"name": "contact_age_s", "value": 60})
    policy = running.post("GET", "/v1/bundles/policy", b"").json()["signed"]
    assert policy_in(policy).contact_age_s == 60
