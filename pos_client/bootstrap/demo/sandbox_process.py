"""The sandbox as the demonstration holds it: a process of its own, its addresses, and its control switches."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterable
from dataclasses import field
from pathlib import Path
from typing import Any

import requests

from pos_client.bootstrap.paths import command_prefix
from pos_client.value import dataclass

START_S = 120.0
"""The first start on a fresh, busy machine compiles every module: it was seen to take more than 40 s."""
CONTROL_S = 10.0


class SandboxFailed(RuntimeError):
    """The sandbox did not come up, or its control did not answer."""


@dataclass(slots=True)
class Control:
    """A control address of the sandbox: plain JSON, outside the contract, for people and scripts."""

    address: str
    _session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self._session.trust_env = False
        self._session.headers["Connection"] = "close"  # an idle one is closed while the next question is on its way

    def get(self, path: str) -> Any:
        """Read something."""
        return self._call("GET", path, None)

    def post(self, path: str, **body: object) -> Any:
        """Make something happen."""
        return self._call("POST", path, body)

    def delete(self, path: str) -> Any:
        """Switch something off again."""
        return self._call("DELETE", path, None)

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def _call(self, method: str, path: str, body: object) -> Any:
        try:
            answer = self._session.request(method, self.address + path, json=body, timeout=CONTROL_S)
            if not answer.ok:
                raise SandboxFailed(f"{method} {path}: {answer.status_code} {_detail(answer)}")
            return answer.json() if answer.content else None
        except (requests.RequestException, ValueError) as error:
            raise SandboxFailed(f"{method} {path}: {error}") from error


def _detail(answer: requests.Response) -> str:
    """Why it said no."""
    try:
        told = answer.json()
    except ValueError:
        return answer.text
    return str(told.get("detail") or told.get("error")) if isinstance(told, dict) else str(told)


@dataclass(slots=True)
class Addresses:
    """What the sandbox prints when it is ready."""

    raw: dict[str, Any]

    @property
    def central(self) -> dict[str, str]:
        """url, control, seal_key, permit_key."""
        central: dict[str, str] = self.raw["central"]
        return central

    @property
    def portal(self) -> str:
        """Where organisations, drivers, individuals and head office log in."""
        portal: str = self.raw["portal"]
        return portal

    @property
    def dispensers(self) -> list[dict[str, str]]:
        """name, protocol, port, control of each line."""
        dispensers: list[dict[str, str]] = self.raw["dispensers"]
        return dispensers

    @property
    def station(self) -> Path:
        """The station file the sandbox was started with."""
        return Path(self.raw["station"])


class Pumps:
    """The control addresses of all simulated lines as one: what names a point goes to the line that has it."""

    def __init__(self, addresses: Addresses) -> None:
        self._lines = {line["name"]: Control(line["control"]) for line in addresses.dispensers}
        self._by_point: dict[int, Control] = {}

    def all(self) -> list[dict[str, Any]]:
        """Every pump as a person sees it, line after line."""
        found: list[dict[str, Any]] = []
        for control in self._lines.values():
            points = control.get("/control/points")
            self._by_point |= {pump["point"]: control for pump in points}
            found += points
        return found

    def do(self, point: int, verb: str, **body: object) -> Any:
        """A verb of the control address at a pump: lift, flow, hang, cut_power, restore_power, fuel, price."""
        return self._of(point).post(f"/control/points/{point}/{verb}", **body)

    def fault(self, name: str, times: int, point: int) -> None:
        """Let something go wrong at a pump."""
        self._of(point).post("/control/faults", name=name, times=times, point=point)

    def line_fault(self, line: str, name: str, times: int, point: int | None = None) -> None:
        """Let something go wrong on a line: at one of its pumps, or at all; `times` 0: until `no_faults`."""
        at = {} if point is None else {"point": point}
        self._lines[line].post("/control/faults", name=name, times=times, **at)

    def plugged(self) -> dict[str, bool]:
        """Whose cable is in."""
        return {line: control.get("/control/line")["plugged"] for line, control in self._lines.items()}

    def no_faults(self) -> None:
        """Everything works again."""
        for control in self._lines.values():
            control.delete("/control/faults")

    @property
    def lines(self) -> tuple[str, ...]:
        """The names of the lines."""
        return tuple(self._lines)

    def unplug(self, *lines: str) -> None:
        """Pull the cables of these lines, of all when none is named."""
        for line in lines or self.lines:
            self._lines[line].post("/control/line/unplug")

    def replug(self, *lines: str) -> None:
        """Put them back."""
        for line in lines or self.lines:
            self._lines[line].post("/control/line/replug")

    def close(self) -> None:
        """Give the connections back."""
        for control in self._lines.values():
            control.close()

    def _of(self, point: int) -> Control:
        if point not in self._by_point:
            self.all()
        try:
            return self._by_point[point]
        except KeyError:
            raise SandboxFailed(f"no line has pump {point}") from None


class SandboxProcess:
    """Starts `pos-client sandbox` and ends it again. Its children end with it, however it ends."""

    def __init__(self, options: Iterable[str] = ()) -> None:
        self._process = subprocess.Popen(
            [*command_prefix(), "sandbox", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.addresses = Addresses(self._first_line())

    def stop(self) -> None:
        """End the sandbox."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _first_line(self) -> dict[str, Any]:
        lines: list[str] = []

        def read() -> None:
            assert self._process.stdout is not None
            lines.append(self._process.stdout.readline())

        reader = threading.Thread(target=read, name="sandbox-ready", daemon=True)
        reader.start()
        reader.join(START_S)
        try:
            ready: dict[str, Any] = json.loads(lines[0])
        except (IndexError, ValueError) as error:
            self._process.kill()
            raise SandboxFailed("the sandbox did not come up") from error
        return ready
