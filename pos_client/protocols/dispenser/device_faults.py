"""What a simulated head is told to do wrong, and how often still."""

from __future__ import annotations

from pos_client.protocols.dispenser.errors import LocalProtocolError


class DeviceFaults:
    """One head's. `known`: the faults its protocol has; another word raises `LocalProtocolError`."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self._left = dict.fromkeys(known, 0)

    def switch(self, fault: str, times: int) -> None:
        """Let it go wrong the next `times` times; 0: no more."""
        if fault not in self._left:
            raise LocalProtocolError(f"no fault is called {fault}")
        self._left[fault] = times

    def armed(self, fault: str) -> bool:
        """Whether it would go wrong now; uses up nothing."""
        return self._left[fault] > 0

    def strikes(self, fault: str) -> bool:
        """Whether it goes wrong now; that uses up one time."""
        if not self.armed(fault):
            return False
        self._left[fault] -= 1
        return True
