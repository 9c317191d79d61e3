"""A USB keypad bound by its identity: its own thread; each press goes into the inbox, and into no window.

It is looked for again for as long as it takes. One that is pulled out in the middle of a code is told at once; what
comes after it is back is the beginning of another try, for the services wiped the first one.
"""

from __future__ import annotations

from pos_client.adapters.peripherals.keypad_input import KeypadDevice, KeypadDevices, KeypadFailed
from pos_client.adapters.peripherals.keypad_lending import AGAIN_S, TURN_S, LentKeypad
from pos_client.domain.keypad import KeypadIdentity, KeypadTrouble
from pos_client.ports.peripherals import Stop
from pos_client.ports.reports import Sink
from pos_client.protocols.keypad.strokes import EV_KEY, EV_SYN, SYN_DROPPED, Strokes


class UsbKeypad(LentKeypad):
    """`ports.peripherals.CustomerKeypad` over the operating system's own list of devices."""

    def __init__(self, identity: str, devices: KeypadDevices, sink: Sink, again_s: float = AGAIN_S) -> None:
        super().__init__(sink, again_s)
        self._identity, self._devices = identity, devices

    def _listen(self, stop: Stop) -> None:
        device, strokes = self._open(), Strokes()
        try:
            self._lending.say(None)
            while not stop.is_set() and not self._lending.is_lent():
                for kind, code, value in device.read(TURN_S):
                    if kind == EV_SYN and code == SYN_DROPPED:
                        strokes.forget()
                        self._lending.lost_a_key()
                    elif kind == EV_KEY and (key := strokes.take(code, value)) is not None:
                        self._lending.pressed(key)
        except OSError as gone:
            raise KeypadFailed(KeypadTrouble.MISSING, str(gone)) from gone
        finally:
            device.close()

    def _open(self) -> KeypadDevice:
        identity = KeypadIdentity.parse(self._identity)
        found = [each for each in self._devices.known() if identity is not None and identity.means(each.identity)]
        if not found:
            raise KeypadFailed(KeypadTrouble.MISSING, self._identity)
        if len(found) > 1:
            raise KeypadFailed(KeypadTrouble.ALIKE, ", ".join(node for each in found for node in each.nodes))
        return self._devices.open(found[0], alone=True)
