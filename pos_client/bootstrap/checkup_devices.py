"""Looks at what is plugged into a till: lines, printer, keypad, screens, speech. It opens nothing that is in use."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pos_client.bootstrap.at_work import terminal_runs
from pos_client.bootstrap.finding import Finding, Level, found
from pos_client.bootstrap.loading import receipt_template
from pos_client.bootstrap.paths import Site, resources
from pos_client.bootstrap.port_list import device_named, known_ports
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.keypad import KeypadIdentity, KeypadKind
from pos_client.domain.port_finding import KnownPort, PortUse
from pos_client.settings.model import Settings
from pos_client.value import dataclass

if TYPE_CHECKING:
    from pos_client.ui.shell.screens import Screen


@dataclass(frozen=True, slots=True)
class Devices:
    """Those of one till, in one language."""

    site: Site
    words: Catalogue
    settings: Settings

    def lines(self) -> Iterator[Finding]:
        """Whether each line's port is there, and free or ours."""
        ports = known_ports(self.settings, terminal_runs=terminal_runs(self.site))
        for line in self.settings.lines:
            yield self._line(f"line {line.name}", next(port for port in ports if line.name in port.lines))

    def _line(self, what: str, port: KnownPort) -> Finding:
        if port.use is PortUse.MISSING:
            return found(self.words, what, Level.FAULT, "line_missing", port=port.identity)
        if port.use is PortUse.FREE:
            return found(self.words, what, Level.OK, "line", port=port.device)
        if port.use is PortUse.BUSY and not port.detail:
            return found(self.words, what, Level.OK, "line_served", port=port.device)
        code = "line_busy" if port.use is PortUse.BUSY else "line_unreachable"
        return found(self.words, what, Level.FAULT, code, port=port.device, reason=port.detail)

    def printer(self) -> Finding:
        """Whether it answers, and its paper's order can be read."""
        if not self.settings.printer.target:
            return found(self.words, "printer", Level.WARNING, "no_printer")
        from pos_client.adapters.peripherals.printer_look import look_at

        trouble, detail = look_at(self.settings.printer.target)
        if trouble is not None:
            told = f" ({detail})" if detail else ""
            says, do = (self.words.say(f"printing.{trouble.value}.{part}") for part in ("says", "do"))
            return Finding("printer", Level.WARNING, f"printer_{trouble.value}", f"{says}{told}", do)
        try:
            receipt_template(resources(), self.site.receipt_template)
        except (OSError, ValueError) as error:
            return found(self.words, "printer", Level.WARNING, "receipt_template", detail=str(error))
        return found(self.words, "printer", Level.OK, "printer", target=self.settings.printer.target)

    def speech(self) -> Finding:
        """Looked for by name alone: an engine that is loaded goes looking for sound servers."""
        if not self.settings.speech.spoken:
            return found(self.words, "speech", Level.OK, "speech_off")
        if find_spec("PySide6.QtTextToSpeech") is None:
            return found(self.words, "speech", Level.WARNING, "speech_missing")
        return found(self.words, "speech", Level.OK, "speech")

    def keypad(self) -> Finding:
        """Whether what customers type their codes on is there."""
        keypad = self.settings.keypad
        match KeypadKind(keypad.kind):
            case KeypadKind.SCREEN:
                return found(self.words, "keypad", Level.OK, "keypad_screen")
            case KeypadKind.SERIAL:
                named, there = keypad.port, _is_plugged_in(keypad.port)
            case KeypadKind.USB:
                from pos_client.bootstrap.keypads import keypad_devices

                wanted = KeypadIdentity.parse(keypad.identity)
                known = [each.identity for each in keypad_devices().known()]
                named, there = keypad.identity, any(wanted is None or wanted.means(each) for each in known)
        level, code = (Level.OK, "keypad") if there else (Level.FAULT, "keypad_missing")
        return found(self.words, "keypad", level, code, keypad=named or "-")

    def customer_screen(self, screens: Sequence[Screen]) -> Finding:
        """Whether the customer has a screen of his own."""
        from pos_client.ui.shell.screens import Places, place

        wanted = self.settings.screen.customer_screen
        names = ", ".join(screen.name for screen in screens) or "-"
        if wanted and not any(screen.is_called(wanted) for screen in screens):
            return found(self.words, "screens", Level.WARNING, "screen_missing", wanted=wanted, names=names)
        if place(screens, Places(), wanted).customer is None:
            return found(self.words, "screens", Level.WARNING, "screen_single", names=names)
        return found(self.words, "screens", Level.OK, "screens", names=names)


def _is_plugged_in(port: str) -> bool:
    """Whether a serial port of this name or identity is there; an address on the network may be."""
    from pos_client.adapters.dispensers.port import PortFailed

    if "://" in port:
        return True
    try:
        return Path(device_named(port)).exists() or sys.platform == "win32"
    except PortFailed:
        return False
