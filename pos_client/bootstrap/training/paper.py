"""A receipt printer of the sandbox: takes whatever it is given over TCP, says how it is, and can be out of paper.

It speaks what the till asks an ESC/POS printer: `DLE EOT n` is answered at once, `GS r 1` once there is paper.
"""

from __future__ import annotations

import socket
import threading

_STATUS, _SENSOR = b"\x10\x04", b"\x1dr\x01"
_WELL, _STOPPED, _PAPER_END = 0x12, 0x32, 0x72
_CAUSE, _PAPER = 2, 4
LOOK_S = 0.2


class PaperPrinter:
    """`target` for the settings. `run` in a thread of its own; `paper` from any."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(LOOK_S)
        self.target = f"tcp://127.0.0.1:{self._listening.getsockname()[1]}"
        self._paper = threading.Event()
        self._paper.set()

    def paper(self, there: bool) -> None:
        """Take the roll out, or put one in."""
        if there:
            self._paper.set()
        else:
            self._paper.clear()

    def run(self, stop: threading.Event) -> None:
        """One till after the other, until it is stopped."""
        with self._listening:
            while not stop.is_set():
                try:
                    link, _ = self._listening.accept()
                except TimeoutError:
                    continue
                with link:
                    link.settimeout(LOOK_S)
                    self._serve(link, stop)

    def _serve(self, link: socket.socket, stop: threading.Event) -> None:
        heard, owed = b"", False
        while not stop.is_set():
            if owed and self._paper.is_set():
                owed = not _said(link, 0)
            try:
                given = link.recv(4096)
            except TimeoutError:
                continue
            except OSError:
                return
            if not given:
                return
            heard += given
            at = 0
            while (at := heard.find(_STATUS)) >= 0 and len(heard) > at + 2:
                _said(link, self._answer(heard[at + 2]))
                heard = heard[at + 3 :]
            owed = owed or _SENSOR in heard
            heard = heard.split(_SENSOR)[-1][-2:]

    def _answer(self, asked: int) -> int:
        if self._paper.is_set() or asked not in (_CAUSE, _PAPER):
            return _WELL
        return _STOPPED if asked == _CAUSE else _PAPER_END


def _said(link: socket.socket, answer: int) -> bool:
    """Whether it went out; who asked may be gone."""
    try:
        link.sendall(bytes((answer,)))
    except OSError:
        return False
    return True
