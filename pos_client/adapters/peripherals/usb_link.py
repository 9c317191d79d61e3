"""A USB printer the system shows no file for (`/dev/usb/lp0` is the simpler way where there is one), by pyusb.

The library, and libusb below it, are loaded when such a printer is set, and not before.
"""

from __future__ import annotations

import errno
from typing import Any

PRINTER_CLASS = 7
"""Of a USB interface."""
SLICE_MS = 100


class UsbLink:
    """The first printer interface of a device. Raises `OSError`: `usb.core.USBError` is one."""

    def __init__(self, vendor: int, product: int) -> None:
        import usb.core
        import usb.util

        try:
            self._device: Any = usb.core.find(idVendor=vendor, idProduct=product)
        except usb.core.NoBackendError as error:
            raise ImportError("libusb") from error
        if self._device is None:
            raise OSError(errno.ENODEV, "no such USB device")
        self._timeout = usb.core.USBTimeoutError
        self._release = usb.util.dispose_resources
        interface = next(
            (each for whole in self._device for each in whole if each.bInterfaceClass == PRINTER_CLASS), None
        )
        if interface is None:
            raise OSError(errno.ENODEV, "the USB device is no printer")
        number = interface.bInterfaceNumber
        try:
            if self._device.is_kernel_driver_active(number):
                self._device.detach_kernel_driver(number)
        except NotImplementedError:
            pass  # Windows: there is none to detach
        usb.util.claim_interface(self._device, number)
        ways = {usb.util.endpoint_direction(each.bEndpointAddress): each for each in interface}
        self._out: Any = ways.get(usb.util.ENDPOINT_OUT)
        self._in: Any = ways.get(usb.util.ENDPOINT_IN)
        if self._out is None:
            raise OSError(errno.ENODEV, "the USB printer has no way in")
        self.two_way = self._in is not None

    def write(self, part: bytes) -> int:
        """One packet at a time: of a longer write that timed out nobody could say how much was taken."""
        try:
            return int(self._out.write(part[: self._out.wMaxPacketSize], SLICE_MS))
        except self._timeout:
            return 0

    def read(self, wait_s: float) -> bytes:
        """What it says."""
        if self._in is None:
            return b""
        try:
            return bytes(self._in.read(self._in.wMaxPacketSize, max(1, int(wait_s * 1000))))
        except self._timeout:
            return b""

    def close(self, whole: bool) -> None:
        """Give the interface back; a packet that was taken has arrived."""
        self._release(self._device)
