"""A whole terminal without windows between a real pump's line and a real central, and the hands at its counter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pos_client.adapters.secrets.sandbox_file import open_sandbox_secrets
from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.enrolling import DEVICE_KEY
from pos_client.domain.fuelling_point import DELIVERING, FuellingPointState
from pos_client.domain.tender import TenderKind
from pos_client.protocols.dispenser.registry import protocol
from pos_client.sandbox.central.server import CentralAddresses
from pos_client.services import messages as m
from pos_client.services.snapshots import CustomerState
from pos_client.settings.model import CentralSettings, LineSettings, PointSettings
from pos_client.settings.options import SANDBOX_SECRETS
from tests.central import enrolled_device
from tests.fakes.dispenser_site import GRADES, POINT, Control, simulator
from tests.fakes.till import Till, running_till

SOLD = tuple(replace(grade, code=code) for grade, code in zip(GRADES, ("E10-95-III", "DO-005S"), strict=True))
"""The pump's grades as central calls them."""


def settings_for(addresses: CentralAddresses) -> CentralSettings:
    """As enrolment writes them."""
    return CentralSettings(
        url=addresses.url,
        seal_key=addresses.seal_key,
        permit_key=addresses.permit_key,
        answer_key=addresses.answer_key,
        read_timeout_ms=20_000,
    )


def enrol(folder: Path, addresses: CentralAddresses) -> None:
    """The till of this folder is known to central."""
    open_sandbox_secrets(folder, addresses.url).put(DEVICE_KEY, enrolled_device(addresses))


class SellingTill:
    """Made by `selling_till`."""

    def __init__(self, till: Till, pump: Control) -> None:
        self.till, self.pump = till, pump

    def post(self, command: object) -> None:
        self.till.system.post(command)

    def fuel(self) -> None:
        """A delivery from lifting to hanging."""
        self.lift()
        self.flow_and_hang()

    def lift(self) -> None:
        self.till.until(lambda: self.state is FuellingPointState.IDLE, "the pump is ready")
        self.pump.do("lift", nozzle=1)
        self.till.until(lambda: self.state is FuellingPointState.CALLING, "it calls")
        self.post(m.AuthorisePoint(POINT))
        self.till.until(lambda: self.state in DELIVERING, "it may deliver")

    def flow_and_hang(self) -> None:
        self.pump.flow(volume_ml=2_000)
        self.pump.do("hang")
        self.till.until(lambda: self.till.point(POINT).unpaid, "the delivery is written")

    def open_sale(self) -> None:
        self.post(m.SelectOldest())
        self.till.until(lambda: self.till.seen.sale is not None, "the sale is open")

    def pay_cash(self) -> None:
        self.post(m.TakeTender(TenderKind.CASH))
        self.till.until(lambda: self.till.seen.sale is None, "it is paid")

    def sell(self) -> None:
        """Fuel for cash."""
        self.fuel()
        self.open_sale()
        self.pay_cash()

    def sell_to(self, identifier: str) -> None:
        """Fuel for cash, to somebody nobody can look up now."""
        self.fuel()
        self.open_sale()
        self.post(m.Identify(identifier))
        self.till.until(
            lambda: self.till.seen.customer is not None and self.till.seen.customer.state is CustomerState.UNVERIFIED,
            "the customer is taken as he says",
        )
        self.pay_cash()

    @property
    def state(self) -> FuellingPointState:
        return self.till.point(POINT).state


@contextmanager
def selling_till(
    folder: Path,
    central: CentralSettings,
    *,
    secrets: str = SANDBOX_SECRETS,
    clock: SystemClock | None = None,
) -> Iterator[SellingTill]:
    """With a pump of its own, ready to fuel."""
    offered = protocol("dart")
    with simulator("pty") as addresses:
        point = PointSettings(POINT, offered.addresses[0], tuple(grade.code for grade in SOLD), 2)
        line = LineSettings(
            "l", "dart", addresses["port"], offered.baud_rate, offered.parity, (point,), inter_frame_ms=5
        )
        with running_till(folder, line, central=central, secrets=secrets, clock=clock, grades=SOLD) as till:
            till.until(lambda: till.shown and till.point(POINT).metered, "all totalizers are read")
            yield SellingTill(till, Control(addresses["control"]))
