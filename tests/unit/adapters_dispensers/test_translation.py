"""Wire events to reports and back: addresses, decimals, words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.adapters.dispensers.translation import IFSF_WORDS, Translation, line_setup
from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.ports import dispensers as d
from pos_client.ports import reports as r
from pos_client.protocols.dispenser import commands as c
from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.events import HeadState
from pos_client.settings.model import LineSettings, PointSettings

P = PointId(3)
PLAIN = PointSettings(3, 0x52, ("A", "B"))
FINE = PointSettings(3, 0x52, ("A",), volume_decimals=3, amount_decimals=2, price_decimals=1, total_decimals=1)


def report(event: e.Event, point: PointSettings = PLAIN) -> object:
    return Translation((point,)).report(event)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (e.HeadFound(0x52), r.PointLinkChanged(P, LinkState.UP)),
        (e.HeadLost(0x52), r.PointLinkChanged(P, LinkState.DOWN)),
        (e.NozzleLifted(0x52, 1, 21_580), None),
        (e.NozzleReturned(0x52), None),
        (
            e.StateChanged(0x52, HeadState.CALLING, 2),
            r.PointStateReported(P, FuellingPointState.CALLING, NozzleId(2)),
        ),
        (e.StateChanged(0x52, HeadState.IDLE), r.PointStateReported(P, FuellingPointState.IDLE)),
        (e.Delivering(0x52, 1, 327, 70_567), r.DeliveryProgressed(P, NozzleId(1), 3_270, 70_567)),
        (e.Delivering(0x52, None, 327, 70_567), r.DeliveryProgressed(P, None, 3_270, 70_567)),
        (
            e.Delivered(0x52, 1, 463, 100_000, 21_580, 1_000_463),
            r.DeliveryEnded(P, NozzleId(1), 4_630, 100_000, 21_580, 10_004_630),
        ),
        (e.TotalRead(0x52, 2, 73_105_442), r.TotalizerRead(P, NozzleId(2), 731_054_420)),
        (e.PriceSeen(0x52, 2, 21_580), r.PriceShown(P, NozzleId(2), 21_580)),
        (e.PowerRestored(0x52), r.PointRestarted(P)),
        (e.Alarm(0x52, "pulser"), r.AlarmReported(P, "pulser")),
        (e.CommandDone(0x52, "x"), r.CommandFinished("x", P, r.CommandOutcome.DONE)),
        (
            e.CommandRefused(0x52, "x", "delivering"),
            r.CommandFinished("x", P, r.CommandOutcome.REFUSED, "delivering"),
        ),
        (e.CommandUnanswered(0x52, "x"), r.CommandFinished("x", P, r.CommandOutcome.NO_ANSWER)),
        (e.HeadFound(0x60), None),
    ],
)
def test_an_event_is_a_report(event: e.Event, expected: object):
    assert report(event) == expected


def test_decimal_points_are_a_setting_of_the_head():
    assert report(e.Delivered(0x52, 1, 4_634, 10_000_050, 215_805, 10_005), FINE) == r.DeliveryEnded(
        P, NozzleId(1), 4_634, 100_001, 21_581, 1_000_500
    )


def test_every_state_of_the_wire_has_its_word():
    assert set(IFSF_WORDS) == set(HeadState)


@pytest.mark.parametrize(
    ("command", "wire"),
    [
        (d.Authorise("a", P), c.AuthoriseHead(0x52, "a")),
        (d.Authorise("a", P, 50_000, (NozzleId(1),)), c.AuthoriseHead(0x52, "a", 5_000_000, (1,))),
        (d.Authorise("a", P, preset_ml=20_005), c.AuthoriseHead(0x52, "a", None, (), 20_005)),
        (d.StopPoint("s", P), c.StopHead(0x52, "s")),
        (d.ResumePoint("r", P), c.ResumeHead(0x52, "r")),
        (d.SetPrices("p", P, ((NozzleId(1), 27_080),)), c.SetPrices(0x52, "p", (270_800,))),
        (d.SetPrices("p", P, ((NozzleId(1), 0),)), c.SetPrices(0x52, "p", (0,))),
        (d.ReadTotalizers("t", P), c.ReadTotals(0x52, "t")),
    ],
)
def test_a_command_is_a_wire_command(command: d.DispenserCommand, wire: c.Command):
    assert Translation((FINE,)).to_wire(command) == wire


TENS = PointSettings(3, 0x52, ("A",), amount_decimals=-1, price_decimals=-1)


def test_a_dispenser_that_counts_in_tens():
    ended = report(e.Delivered(0x52, 1, 463, 9_992, 2_158, 18_427_828), TENS)
    assert ended == r.DeliveryEnded(P, NozzleId(1), 4_630, 99_920, 21_580, 184_278_280)
    to_wire = Translation((TENS,)).to_wire
    assert to_wire(d.Authorise("a", P, 50_009)) == c.AuthoriseHead(0x52, "a", 5_000), "a limit is not exceeded"
    line = LineSettings("l", "gilbarco-two-wire", "-", points=(TENS,), options="echo=off")
    for price, shown in ((27_080, 2_708), (27_085, 0)):
        setup = line_setup(line, {"A": price})
        assert (setup.heads[0].prices, setup.options) == ((shown,), "echo=off"), "never sold at another price"


def test_prices_go_nozzle_after_nozzle_whatever_order_they_are_given_in():
    prices = ((NozzleId(2), 21_580), (NozzleId(1), 27_080))
    assert Translation((PLAIN,)).to_wire(d.SetPrices("p", P, prices)) == c.SetPrices(0x52, "p", (27_080, 21_580))


@pytest.mark.parametrize(
    ("point", "command", "why"),
    [
        (TENS, d.SetPrices("x", P, ((NozzleId(1), 27_085),)), "price_between_steps"),
        (TENS, d.SetPrices("x", P, ((NozzleId(1), 5),)), "price_between_steps"),
        (PLAIN, d.SetPrices("x", P, ((NozzleId(1), 27_080),)), "price_missing"),
        (TENS, d.Authorise("x", P, 9), "preset_below_step"),
        (PLAIN, d.Authorise("x", P, preset_ml=9), "preset_below_step"),
    ],
)
def test_what_the_wire_has_no_digits_for_is_refused_never_sent_as_nothing(
    point: PointSettings, command: d.DispenserCommand, why: str
):
    refused = r.CommandFinished("x", P, r.CommandOutcome.REFUSED, why)
    assert Translation((point,)).to_wire(command) == refused


@given(st.integers(0, 99_999_999), st.integers(-3, 4))
def test_a_price_is_sent_exactly_or_not_at_all(price: int, decimals: int):
    point = PointSettings(3, 0x52, ("A",), price_decimals=decimals)
    sent = Translation((point,)).to_wire(d.SetPrices("x", P, ((NozzleId(1), price),)))
    if isinstance(sent, c.SetPrices):
        shown = report(e.PriceSeen(0x52, 1, sent.prices[0]), point)
        assert shown == r.PriceShown(P, NozzleId(1), price)
    else:
        assert isinstance(sent, r.CommandFinished)
        assert price % 10**-decimals != 0


@given(st.integers(1, 99_999_999), st.integers(-3, 4))
def test_a_limit_is_never_exceeded_and_never_lost(limit: int, decimals: int):
    point = PointSettings(3, 0x52, ("A",), amount_decimals=decimals)
    sent = Translation((point,)).to_wire(d.Authorise("x", P, limit))
    if isinstance(sent, c.AuthoriseHead):
        assert sent.preset_amount
        assert sent.preset_amount * 10**-decimals <= limit
    else:
        assert limit < 10**-decimals


def test_prices_go_by_grade_and_a_forgotten_grade_is_not_for_sale():
    line = LineSettings("l", "dart", "-", points=(PointSettings(3, 0x52, ("A", "X"), price_decimals=1),))
    (head,) = line_setup(line, {"A": 27_080}).heads
    assert (head.address, head.prices) == (0x52, (270_800, 0))
