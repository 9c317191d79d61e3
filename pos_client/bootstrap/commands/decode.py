"""`pos-client decode PROTOCOL`: wire bytes in, one JSON object a frame out; errors are objects too."""

from __future__ import annotations

import json
import sys

from pos_client.bootstrap.arguments import Arguments


def run(arguments: Arguments) -> int:
    """0 when every byte was understood, 1 when not, 2 for an unknown protocol."""
    from pos_client.protocols.dispenser.registry import PROTOCOLS

    protocol = PROTOCOLS.get(arguments.protocol)
    if protocol is None:
        print(f"unknown protocol {arguments.protocol!r}; there are: {', '.join(PROTOCOLS)}", file=sys.stderr)
        return 2
    text = " ".join(arguments.hex) if arguments.hex else sys.stdin.buffer.read().decode("ascii", "replace")
    try:
        raw = bytes.fromhex("".join(text.replace(",", " ").split()))
    except ValueError as error:
        print(json.dumps({"error": "not_hex", "detail": str(error)}))
        return 1
    frames = protocol.describe(raw, arguments.sender)
    for frame in frames:
        print(json.dumps(frame, ensure_ascii=False))
    return 1 if any("error" in frame for frame in frames) else 0
