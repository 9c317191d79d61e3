"""The port doctor for a window: one examination at a time, in a thread of its own, told step by step, ended at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pos_client.adapters.dispensers.discovery import PortDoctor, Report
from pos_client.adapters.dispensers.port import PortFailed
from pos_client.adapters.dispensers.probe_line import LIMIT_MS, Examination
from pos_client.bootstrap.lifecycle import Lifecycle
from pos_client.bootstrap.port_list import device_named
from pos_client.domain.port_finding import ProbeProgress, ProbeStep
from pos_client.settings.model import LineSettings


class PortExaminer:
    """Belongs to one thread (the windows'). `report` is called from the examination's."""

    def __init__(
        self, report: Report, on_fault: Callable[[BaseException], None], doctor: PortDoctor | None = None
    ) -> None:
        self._report = report
        self._doctor = doctor or PortDoctor()
        self._lifecycle = Lifecycle(on_fault)

    def examine(
        self, port: str, *, listen_only: bool = False, line: LineSettings | None = None, limit_ms: int = LIMIT_MS
    ) -> None:
        """Begin to look at a device, an address, or the adapter of that identity. One under way is ended first.

        `line`: only that line's points are asked, as it is set.
        """
        self.cancel()

        def body(stop: threading.Event) -> None:
            try:
                device = device_named(port)
            except PortFailed as error:
                self._report(ProbeProgress(port, ProbeStep.FAILED, 100, detail=error.what or error.code))
                return
            self._doctor.examine(Examination(device, listen_only, limit_ms, line), self._report, stop)

        self._lifecycle.start("port-doctor", body)

    def cancel(self) -> None:
        """End it, within milliseconds; its last report says so. Nothing under way: nothing happens."""
        self._lifecycle.stop()
