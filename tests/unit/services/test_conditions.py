"""What a till tells head office of itself: in place of a question for the time, soon after a start, rarely, and sooner
when a person should know."""

from __future__ import annotations

from typing import Any

from pos_client.bootstrap.simulate.envelopes import opened
from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain.condition import Offer
from pos_client.domain.release import Judgement
from pos_client.ports import reports as r
from pos_client.services.conditions import CHANGED_MS, EVERY_MS, FIRST_MS


def watched(rig: Rig) -> list[dict[str, Any]]:
    """Every condition that leaves the till from now on."""
    told: list[dict[str, Any]] = []

    def watch(call: Any) -> None:
        body = dict(opened(call.body))
        if body["verb"] == "StateCondition":
            told.append(body["condition"])

    rig.central.watch = watch
    return told


def test_it_is_told_after_a_start_and_every_five_minutes_and_costs_no_request_more():
    rig = Rig()
    told = watched(rig)
    rig.advance(FIRST_MS - 10_000)
    assert told == []
    rig.advance(30_000)
    assert len(told) == 1
    asked = rig.central.handled.count("AskTime")
    rig.advance(3 * EVERY_MS)
    assert len(told) == 4
    questions = rig.central.handled.count("AskTime") - asked + 3
    assert questions <= 3 * EVERY_MS // 4_000  # a knock every five seconds, the spread taken off


def test_a_trouble_is_told_within_a_minute_and_a_flickering_one_no_oftener():
    rig = Rig()
    told = watched(rig)
    rig.advance(FIRST_MS + 10_000)
    rig.tell(r.DiskReported(120))
    rig.advance(CHANGED_MS + 10_000)
    assert [condition["disk_free_mb"] for condition in told][1:] == [120]
    assert "disk_low" in told[-1]["troubles"]
    for n in range(60):
        rig.tell(r.DiskReported(120 if n % 2 else 40_000))
        rig.advance(2_000)
    assert len(told) <= 2 + 2 * 60 * 2_000 // CHANGED_MS


def test_what_waits_is_told_with_its_age_and_what_was_announced_with_the_judgement():
    rig = Rig()
    told = watched(rig)
    rig.tell(r.OfferJudged(Offer(9, "1.4.0", 20, Judgement.LATER), "1.3.9"))
    rig.tell(r.CertificateSeen("2027-03-01T00:00:00+00:00"))
    rig.advance(FIRST_MS + 10_000)
    last = told[-1]
    assert (last["ready"], last["offer"]["percent"], last["offer"]["judgement"]) == ("1.3.9", 20, "later")
    assert last["certificate_ends"].startswith("2027-03-01")
    assert last["waiting"] == 0
    assert last["oldest_waiting_s"] is None


def test_a_central_that_knows_no_such_address_is_asked_for_the_time_as_before():
    rig = Rig()
    rig.central.fail("StateCondition", *["refused:unknown-address"] * 20)
    rig.advance(FIRST_MS + 60_000)
    assert rig.desk.state.central.link.name == "UP"
    assert rig.desk.state.blockers.keys() <= {"secrets_not_tried"}
    assert rig.central.handled[-1] == "AskTime"
    assert rig.central.handled.count("StateCondition") <= 2
