"""Puts life into made-up requests: customers that exist, seals that open, codes that were sent, ids that meet again.

Without it a fuzzer knocks at the first door for ever; with it holds are placed, confirmed, captured, voided and
reversed in every order, and the ledger has something to lose.
"""

from __future__ import annotations

import contextlib
from random import Random
from typing import Any

from pos_client.domain.customer import parse_identifier
from pos_client.domain.identifiers import RedemptionId
from pos_client.ports import central as port
from tests.central import STATION, RunningCentral, Till, digits

PEOPLE = ("000100001", "000100004", "000200001", "0912000002")
NAMES = 12
ONE_IN = 8
"""So often a request keeps what was made up."""


class Life:
    """Touches requests whose form is right. `rng` alone decides, so the same seed touches alike."""

    def __init__(self, central: RunningCentral, till: Till, seed: int) -> None:
        self._central = central
        self._till = till
        self._rng = Random(seed)
        self._number = 0
        self._references = [till.look_up(who).reference for who in PEOPLE]
        self._last_hold: dict[str, tuple[str, int]] = {}

    def __call__(self, case: Any) -> None:
        """Before it is sent."""
        self._number += 1
        if "name" in (case.path_parameters or {}) and self._mostly():
            case.path_parameters = {**case.path_parameters, "name": self._name()}
        if "Idempotency-Key" in (case.headers or {}) and self._mostly():
            case.headers["Idempotency-Key"] = f"fuzz-{self._number}"
        if isinstance(case.body, dict):
            name = (case.path_parameters or {}).get("name", "")
            case.body = {key: self._living(key, value, case.body, name) for key, value in case.body.items()}

    def heard(self, case: Any, response: Any) -> None:
        """A challenge, when one was sent."""
        if response.status_code == 201 and "challenge_id" in response.text:
            answer = response.json()
            self._last_hold[case.path_parameters["name"]] = (answer["challenge_id"], answer["points"])

    def _living(self, key: str, value: Any, body: dict[str, Any], name: str) -> Any:
        if not self._mostly():
            return value
        challenge, points = self._last_hold.get(name, ("", 0))
        match key:
            case "customer_ref":
                return self._rng.choice(self._references)
            case "sealed_identifier":
                return self._till.wire.seal_identifier(parse_identifier(self._rng.choice(PEOPLE)))
            case "station":
                return STATION
            case "operation_id":
                return self._name()
            case "points":
                return self._rng.choice((500, 1_000, 50_000, value))
            case "challenge_id" if challenge:
                return challenge
            case "sealed" if challenge:
                return self._sealed(name, challenge, points) or value
            case _:
                return value

    def _sealed(self, name: str, challenge: str, points: int) -> str:
        with contextlib.suppress(IndexError):  # a PIN was asked for, and no code was sent
            code = self._central.code_for(name)
            call = port.Verify(RedemptionId(name), 1, challenge, points, digits(code))
            body = self._till.wire.encode(call).body.decode()
            return body.partition('"sealed":"')[2].rstrip('"}')
        return ""

    def _name(self) -> str:
        return f"fuzz-{self._rng.randrange(NAMES)}"

    def _mostly(self) -> bool:
        return self._rng.randrange(ONE_IN) > 0
