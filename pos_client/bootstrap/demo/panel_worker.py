"""The control panel's hands: talks to the sandbox's control addresses on a thread of its own; no window waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import field, replace
from queue import Empty, SimpleQueue
from typing import Any

from pos_client.bootstrap.demo.sandbox_process import Addresses, Control, Pumps, SandboxFailed
from pos_client.value import dataclass

LOOK_EVERY_S = 0.5
ACTIVATED_POINTS = 200_000


@dataclass(frozen=True, slots=True)
class PanelView:
    """What the sandbox looks like now."""

    pumps: tuple[dict[str, Any], ...] = ()
    messages: tuple[dict[str, Any], ...] = ()
    secrets: tuple[dict[str, Any], ...] = ()
    plugged: dict[str, bool] = field(default_factory=dict)
    trouble: str = ""
    voucher: str = ""
    """the text of the voucher activated last, as a scanner would type it; or why it was not"""


class PanelWorker:
    """Carries out what was pressed, in order, and looks around twice a second."""

    def __init__(self, addresses: Addresses, show: Callable[[PanelView], None]) -> None:
        self._central = Control(addresses.central["control"])
        self._pumps = Pumps(addresses)
        self._show = show
        self._voucher = ""
        self._presses: SimpleQueue[Callable[[], object]] = SimpleQueue()

    def pump(self, point: int, action: str, **body: object) -> None:
        """A verb of the control address at a pump."""
        self._presses.put(lambda: self._pumps.do(point, action, **body))

    def network(self, up: bool) -> None:
        """Cut central off, or let it be reached again."""
        if up:
            self._presses.put(lambda: self._central.delete("/control/faults"))
        else:
            self._presses.put(lambda: self._central.post("/control/faults", name="down", times=0))

    def central_fault(self, name: str, times: int, match: str = "", seconds: int = 3) -> None:
        """Let something go wrong between the till and central, for requests that match."""
        self._presses.put(
            lambda: self._central.post("/control/faults", name=name, times=times, match=match, seconds=seconds)
        )

    def fault(self, line: str, name: str, times: int, point: int | None) -> None:
        """Let something go wrong, at one pump or at all of the line."""
        self._presses.put(lambda: self._pumps.line_fault(line, name, times, point))

    def clear_all(self) -> None:
        """Network, cables, power and devices as they should be; what drivers hold in their hands stays."""
        self._presses.put(self._clear_all)

    def _clear_all(self) -> None:
        self._central.delete("/control/faults")
        self._pumps.no_faults()
        for line, plugged in self._pumps.plugged().items():
            if not plugged:
                self._pumps.replug(line)
        for pump in self._pumps.all():
            if not pump["powered"]:
                self._pumps.do(pump["point"], "restore_power")

    def activate(self, code: str, pin: str, station: str) -> None:
        """A driver activates his voucher for the station, as on the portal; the QR code's text is shown."""
        self._presses.put(lambda: self._activate(code, pin, station))

    def _activate(self, code: str, pin: str, station: str) -> None:
        asked = {"code": code, "pin": pin, "station": station, "points": ACTIVATED_POINTS}
        told = self._central.post("/control/activations", **asked)
        self._voucher = str(told.get("voucher") or told.get("refused"))

    def cable(self, line: str, plugged: bool) -> None:
        """Pull a line's cable, or put it back."""
        self._presses.put(lambda: (self._pumps.replug if plugged else self._pumps.unplug)(line))

    def run(self, stop: threading.Event) -> None:
        """Until `stop`. What could not be done is told until something else is pressed."""
        trouble = ""
        while not stop.is_set():
            try:
                press = self._presses.get(timeout=LOOK_EVERY_S)
            except Empty:
                press = None
            try:
                if press is not None:
                    trouble = ""
                    press()
            except SandboxFailed as failure:
                trouble = str(failure)
            try:
                self._show(replace(self._look(), trouble=trouble))
            except SandboxFailed as failure:
                self._show(PanelView(trouble=trouble or str(failure)))
        self._central.close()
        self._pumps.close()

    def _look(self) -> PanelView:
        return PanelView(
            pumps=tuple(self._pumps.all()),
            messages=tuple(self._central.get("/control/sms")[-5:]),
            secrets=tuple(self._central.get("/control/secrets")),
            plugged=self._pumps.plugged(),
            voucher=self._voucher,
        )
