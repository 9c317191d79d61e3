"""A tiny relay in front of central's port: it can refuse connections, and cut one in the middle.

The web server behind it cannot do either without reaching into its insides: a closed listening socket has to open
again on the same port, and a connection has to end without a byte of an answer. Bytes are passed on untouched.
"""

from __future__ import annotations

import asyncio
import contextlib

_PIECE = 65_536
_LOOK_S = 0.02


class Relay:
    """Passes `host:port` on to a port behind it. Lives on one event loop."""

    def __init__(self, host: str, port: int, upstream_port: int) -> None:
        self._host = host
        self._port = port
        self._upstream_port = upstream_port
        self._server: asyncio.Server | None = None
        self._open: dict[int, tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = {}

    @property
    def port(self) -> int:
        """The public port; known after the first `listen`."""
        return self._port

    async def listen(self) -> None:
        """Accept connections; does nothing when it already does."""
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, self._host, self._port)
            self._port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Close the listening socket: who connects now is refused, what is open goes on."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def drained(self, within_s: float) -> None:
        """Until what central has said last is passed on and all is closed, or so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self._open:
                    await asyncio.sleep(_LOOK_S)

    def refuse(self) -> None:
        """Close the listening socket and everything open: as if the cable were pulled."""
        self.close()
        for key in list(self._open):
            self.cut(key)

    def cut(self, upstream_client_port: int) -> None:
        """Close the connection that central sees as coming from this port."""
        for writer in self._open.pop(upstream_client_port, ()):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            behind_reader, behind = await asyncio.open_connection("127.0.0.1", self._upstream_port)
            key = behind.get_extra_info("sockname")[1]
            self._open[key] = (writer, behind)
            try:
                await asyncio.gather(_pass_on(reader, behind), _pass_on(behind_reader, writer))
            finally:
                self._open.pop(key, None)
                behind.transport.abort()
        writer.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Bytes from one side to the other until one of them ends."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    writer.close()
