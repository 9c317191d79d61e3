"""A till as a process of its own, worked by lines on its standard input: what it is asked never holds a whole code.

    python canary_till.py FOLDER ADDRESSES [MUTANT]

The production windows over the production terminal; a USB keypad is the test's FIFO, read by the real library. With
MUTANT a leak is planted, so that a canary that finds nothing is known to be able to find something.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from pos_client.adapters.diagnostics.log_setup import set_up_logging
from pos_client.adapters.peripherals.evdev_input import EvdevKeypads
from pos_client.adapters.settings_file.toml_file import read_settings
from pos_client.bootstrap import crash_guard
from pos_client.bootstrap.demo.sandbox_process import Addresses
from pos_client.bootstrap.demo.stage import Stage
from pos_client.bootstrap.paths import Site, resources
from pos_client.domain.secret import SecretDigits
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import CustomerState, DialogueState, TerminalSnapshot
from pos_client.ui.application import create_application
from tests.fakes.keypads import FakeKernel, PipedDevice, Plug

FIFO = "keys.fifo"
planted: list[str] = []
"""What a mutant remembers."""


class FifoKernel(FakeKernel):
    """One keypad, whose events the test writes."""

    def _open(self, path: str) -> PipedDevice:
        return PipedDevice(path, os.open(self.folder.parent / FIFO, os.O_RDONLY | os.O_NONBLOCK), Plug())


SEEN: dict[str, Callable[[TerminalSnapshot], bool]] = {
    "sale": lambda s: s.sale is not None,
    "known": lambda s: s.customer is not None and s.customer.state is CustomerState.KNOWN,
    "nobody": lambda s: s.customer is None,
    "keypad": lambda s: s.status.keypad,
    "asked": lambda s: s.dialogue.state is DialogueState.SECRET,
    "wrong": lambda s: s.dialogue.state is DialogueState.SECRET and s.dialogue.notice is not None,
    "over": lambda s: s.points_panel is None,
    "paid": lambda s: s.sale is None and s.receipt is not None,
}


class Till:
    """Commands in, `ok` out."""

    def __init__(self, folder: Path, addresses: dict[str, object]) -> None:
        self.folder, site = folder, Site(folder / "till")
        set_up_logging(site.logs)
        crash_guard.install()
        app = create_application([], resources(), "day")
        settings = read_settings(site.settings, allow_sandbox_secrets=True).settings
        assert settings is not None
        self.stage = Stage(app, Addresses(addresses), settings, site)
        if settings.keypad.kind == "usb":
            kernel = FifoKernel(folder / "kernel")
            kernel.plug("event3", serial="A1")
            self.stage.keypads = kernel.devices()
        else:
            self.stage.keypads = EvdevKeypads(folder / "none")
        self.before_a_look: Callable[[], None] = lambda: None

    def do(self, verb: str, *words: str) -> None:
        """One command."""
        stage = self.stage
        match verb:
            case "open":
                stage.open_terminal()
            case "fuel":
                stage.fuel(1, int(words[0]))
            case "key":
                stage.key(Qt.Key[f"Key_{words[0]}"])
            case "customer":
                stage.type_customer(words[0])
            case "touch":
                stage._touch(int(words[0]) if words[0].isdigit() else KeypadKey(words[0]))
            case "seen":
                stage.until(SEEN[words[0]], words[0], 40.0)
            case "length":
                stage.until(lambda s: s.dialogue.secret_length == int(words[0]), f"{words[0]} digits", 40.0)
            case "widgets":
                self.before_a_look()
                (self.folder / words[0]).write_text("\n".join(self._widgets()), encoding="utf-8")
            case "grab":
                self.before_a_look()
                assert stage.terminal is not None
                windows = stage.terminal.windows
                for name, window in (("cashier", windows.cashier), ("customer", windows.customer)):
                    window.grab().save(str(self.folder / f"{words[0]}-{name}.png"))
            case "freeze":
                self._freeze()
            case "thaw":
                self._thaw()
            case "abort":
                os.abort()
            case _:
                raise ValueError(verb)

    def _freeze(self) -> None:
        """No second passes on either screen: two pictures differ by what was typed, or not at all."""
        assert self.stage.terminal is not None
        windows = self.stage.terminal.windows
        clock = windows.cashier._clock
        now = clock()
        windows.cashier._clock = windows.customer._clock = lambda: now
        self._clock = clock

    def _thaw(self) -> None:
        assert self.stage.terminal is not None
        windows = self.stage.terminal.windows
        windows.cashier._clock = windows.customer._clock = self._clock

    def _widgets(self) -> Iterator[str]:
        """Everything a curious program could read from every object of both windows."""
        assert self.stage.terminal is not None
        windows = self.stage.terminal.windows
        for window in (windows.cashier, windows.customer):
            for each in (window, *window.findChildren(QObject)):
                yield from _said(each)


def _said(each: QObject) -> Iterator[str]:
    meta = each.metaObject()
    names = [str(meta.property(i).name()) for i in range(meta.propertyCount())]
    names += [bytes(name.data()).decode() for name in each.dynamicPropertyNames()]
    for name in names:
        try:
            yield f"{name}={each.property(name)!s}"
        except RuntimeError:  # of a type the binding cannot hand over
            continue
    yield from (repr(value) for value in vars(each).values())
    if isinstance(each, QWidget):
        yield from (each.accessibleName(), each.accessibleDescription(), each.toolTip(), each.windowTitle())


def plant(till: Till) -> None:
    """The mistakes a canary is there for: digits kept as text, drawn on the screens, logged, left in a file."""
    push = SecretDigits.push
    labels: list[QLabel] = []

    def leaky(self: SecretDigits, digit: int) -> None:
        push(self, digit)
        if len(self) == 1:
            planted.clear()
        planted.append(str(digit))
        text = "".join(planted)
        logging.getLogger("pos_client.leak").info("typed %s %s", text, hashlib.sha256(text.encode()).hexdigest())
        (till.folder / "till" / "leak.bin").write_bytes(text.encode("utf-16-le"))

    def draw() -> None:
        assert till.stage.terminal is not None
        windows = till.stage.terminal.windows
        if not labels:
            labels.extend(QLabel(window) for window in (windows.cashier, windows.customer))
        for label in labels:
            label.setStyleSheet("color: white; background: black")
            label.setText("".join(planted))
            label.adjustSize()
            label.raise_()
            label.show()

    SecretDigits.push = leaky  # type: ignore[method-assign]
    till.before_a_look = draw


def main() -> None:
    folder = Path(sys.argv[1])
    till = Till(folder, json.loads(Path(sys.argv[2]).read_text("utf-8")))
    if len(sys.argv) > 3:
        plant(till)
    commands: SimpleQueue[str] = SimpleQueue()

    def read() -> None:
        while line := sys.stdin.readline():
            commands.put(line.strip())
        commands.put("end")

    threading.Thread(target=read, daemon=True).start()
    while True:
        till.stage._breathe()
        try:
            command = commands.get_nowait()
        except Empty:
            continue
        if command == "end":
            till.stage.close()
            return
        till.do(*command.split())
        sys.stdout.write("ok\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
