"""The real clock and real dice (`ports.clock`)."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime
from pathlib import Path

from pos_client.domain.moment import VIETNAM, Moment

_LINUX_BOOT = Path("/proc/sys/kernel/random/boot_id")
_WINDOWS_BOOT = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters"


class SystemClock:
    """`ports.clock.Clock`: the computer's wall clock in UTC+7, and a reading that only grows.

    `ticks_ms` counts from some past moment of this boot; it is not slewed backwards when somebody sets the time, and on
    Windows and Linux alike it may or may not count while the machine sleeps. Durations here are seconds to minutes.
    """

    def __init__(self) -> None:
        self._boot = boot_id()

    def now(self) -> Moment:
        """Both clocks, read one right after the other."""
        return Moment(time.monotonic_ns() // 1_000_000, datetime.now(VIETNAM), self._boot)


def boot_id() -> str:
    """Which start of the machine this is: ticks of another one say nothing here.

    Linux tells it outright, Windows counts its starts in the registry. Where neither can be read every start of the
    program counts as one of the machine, which is careful: time is then believed as after a restart.
    """
    try:
        if sys.platform == "win32":
            return f"windows-{_windows_boot()}"
        return _LINUX_BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return os.urandom(16).hex()


if sys.platform == "win32":

    def _windows_boot() -> int:
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _WINDOWS_BOOT) as key:
            return int(winreg.QueryValueEx(key, "BootId")[0])


class SystemDice:
    """`ports.clock.Dice` out of the operating system's randomness."""

    def new_id(self) -> str:
        """A UUIDv7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, then 74 random ones. Sorts roughly by time."""
        raw = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
        raw[6] = 0x70 | raw[6] & 0x0F
        raw[8] = 0x80 | raw[8] & 0x3F
        text = raw.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def spread(self) -> float:
        """A number in [0, 1): 53 random bits, as many as a float holds."""
        return (int.from_bytes(os.urandom(7), "big") >> 3) / (1 << 53)
