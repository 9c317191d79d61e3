"""Single bits of logs and recordings turned, and files cut (F05): it hurts nobody. The terminal writes on behind
them, and what reads them for support takes what can still be read."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from pos_client.adapters.diagnostics import support_bundle, wire_file
from pos_client.adapters.diagnostics.allow_list import AllowList
from pos_client.adapters.diagnostics.log_setup import close_link, link_logger, set_up_logging
from pos_client.domain.wire import Direction, WireRecord

FLIPS = 300
LINE = "dart-1"
RECORDING = "wire-20261123-081500-all.jsonl"
RECORDS = [WireRecord(n, LINE, 900_000 + n, Direction.SENT, bytes((0x50, n, 0xFA))) for n in range(1, 41)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A terminal's logs after some work."""
    logs = tmp_path / "logs"
    said(logs, *(f"line {n} of an ordinary day" for n in range(40)))
    wires = {LINE: wire_file.RecordedWire("dart", {"port": "/dev/ttyS0"})}
    wire_file.save(logs / RECORDING, wires, RECORDS, "2026-11-23T08:15:00+07:00", 900_100)
    return logs


def said(logs: Path, *lines: str) -> None:
    """A terminal that begins over these logs, says something, and ends."""
    level = logging.getLogger().level
    handler = set_up_logging(logs)
    link = link_logger(logs, LINE)
    try:
        for line in lines:
            logging.getLogger("pos_client.day").info(line)
            link.info(line)
    finally:
        close_link(logs, LINE)
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(level)
        logging.captureWarnings(False)
        handler.close()


def gathered(logs: Path) -> bytes:
    """What support would be given."""
    allowed = AllowList(set())
    parts = (*support_bundle.log_parts(logs, allowed, {}), *support_bundle.wire_parts(logs, allowed))
    return support_bundle.packed(parts, datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize("name", ["pos-client.log", f"link-{LINE}.log", RECORDING])
def test_a_bit_of_a_text_file_hurts_nobody(folder: Path, name: str):
    dice, file = Random(name), folder / name
    good = file.read_bytes()
    for number in range(FLIPS):
        raw = bytearray(good)
        at = dice.randrange(len(raw))
        raw[at] ^= 1 << dice.randrange(8)
        file.write_bytes(raw if number % 10 else raw[:at])
        if name == RECORDING:
            head = good.index(b"\n")
            left = {record.raw for record in wire_file.load(file).records}
            lost = {record.raw for record in RECORDS} - left
            assert len(lost) <= 2 or at <= head or number % 10 == 0, f"bit at {at}: {len(lost)} records lost"
        if number % 30 == 0:
            said(folder, "and it goes on")
            assert gathered(folder)
            if name != RECORDING:
                assert file.read_bytes().rstrip().endswith(b"and it goes on")
