from __future__ import annotations

import errno
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.adapters.diagnostics import log_setup
from pos_client.adapters.diagnostics.log_setup import (
    FILE_BYTES,
    FILES_KEPT,
    LINK_FILE_BYTES,
    LINK_FILES_KEPT,
    close_link,
    link_logger,
    set_up_logging,
)
from pos_client.adapters.diagnostics.redaction import MASK, redact
from pos_client.services.health import WARN_BELOW_MB
from tests.waiting import eventually


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("customer 000100001 looked up", f"customer {MASK} looked up"),
        ("otp 345678.", f"otp {MASK}."),
        ("call 0912000001", f"call {MASK}"),
        ("call 0912 345 678 now", f"call {MASK} now"),
        ("call +84 912.345.678", f"call {MASK}"),
        ("call +84912345678", f"call {MASK}"),
        ("card 4111111111111111", f"card {MASK}"),
        ("a012345b", f"a{MASK}b"),
        ("paid 95.400 đ, 12,93 l", "paid 95.400 đ, 12,93 l"),
        ("2026-11-23T08:30:15.123 ok", "2026-11-23T08:30:15.123 ok"),
        ("02 50 30 03 41 92 11 23 45 67 03", "02 50 30 03 41 92 11 23 45 67 03"),
        ("receipt T1-000123", "receipt T1-000123"),
        ("receipt T1-0001234", f"receipt T1-{MASK}"),
        ("01939000-0000-7000-8000-000000000001:verify", "01939000-0000-7000-8000-000000000001:verify"),
        ("01939000-0000-7000-8000-000000000001 of 0912000001", f"01939000-0000-7000-8000-000000000001 of {MASK}"),
    ],
)
def test_what_may_be_written(text: str, written: str):
    assert redact(text) == written


@given(st.text(max_size=20), st.from_regex(r"0[35789]\d{8}|\d{9}|\d{6}|\d{16}", fullmatch=True), st.text(max_size=20))
def test_no_number_of_a_person_survives_whatever_stands_around_it(before: str, number: str, after: str):
    assert number not in redact(f"{before} {number} {after}")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    level = root.level
    handler = set_up_logging(tmp_path / "logs")
    yield tmp_path / "logs" / "pos-client.log"
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()
    logging.captureWarnings(False)


@pytest.mark.log_expected("the log itself is tried")
def test_message_arguments_and_traceback_are_masked_alike(log: Path):
    try:
        raise ValueError("pin 123456 was wrong")
    except ValueError:
        logging.getLogger("pos_client.x").exception("customer %s", "000100001")
    text = log.read_text(encoding="utf-8")
    assert "ValueError: pin […] was wrong" in text
    assert "ERROR" in text
    assert "123456" not in text
    assert "000100001" not in text


def test_a_log_is_for_its_owner_and_rotates(log: Path):
    logging.getLogger("pos_client.x").info("hello")
    assert "hello" in log.read_text(encoding="utf-8")
    if os.name == "posix":
        assert log.stat().st_mode & 0o077 == 0
    (handler,) = [
        h for h in logging.getLogger().handlers if isinstance(h, RotatingFileHandler) and h.baseFilename == str(log)
    ]
    assert handler.maxBytes * (handler.backupCount + 1) <= 50_000_000


@pytest.fixture
def flooded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, logging.Handler]]:
    """The program's log, and a link's, of a size a test can fill."""
    monkeypatch.setattr(log_setup, "LINK_FILE_BYTES", 2_000)
    handler = log_setup._handler(tmp_path / "logs", "pos-client", 5_000, FILES_KEPT)
    yield tmp_path / "logs", handler
    handler.close()
    close_link(tmp_path / "logs", "dart-1")


def _record(text: str) -> logging.LogRecord:
    return logging.LogRecord("pos_client.x", logging.INFO, "", 0, text, None, None)


def _sizes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def test_a_flood_of_logs_stays_within_its_bound_and_the_newest_is_kept(flooded: tuple[Path, logging.Handler]):
    folder, handler = flooded
    link = link_logger(folder, "dart-1")
    for n in range(3_000):
        handler.emit(_record(f"line {n}"))
        link.debug("> %d", n)
        assert n % 100 or _sizes(folder) <= 5_000 * (FILES_KEPT + 1) + 2_000 * (LINK_FILES_KEPT + 1)
    assert len(list(folder.glob("pos-client.log*"))) == FILES_KEPT + 1
    assert len(list(folder.glob("link-dart-1.log*"))) == LINK_FILES_KEPT + 1
    assert "line 2999" in (folder / "pos-client.log").read_text(encoding="utf-8")
    assert "> 2999" in (folder / "link-dart-1.log").read_text(encoding="utf-8")


def test_all_logs_of_a_large_station_leave_the_disk_of_its_books_alone():
    families = 2 * FILE_BYTES * (FILES_KEPT + 1) + 9 * LINK_FILE_BYTES * (LINK_FILES_KEPT + 1)
    assert families < WARN_BELOW_MB * 1_000_000 // 2


@pytest.mark.parametrize("step", ["write", "rename", "open"])
def test_a_disk_that_refuses_a_log_stops_nothing_and_the_next_line_comes_when_it_is_well(
    flooded: tuple[Path, logging.Handler], step: str, monkeypatch: pytest.MonkeyPatch, capfd
):
    """Killed or full in the middle of a rotation: what is lost is lines of a log."""
    folder, handler = flooded

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as full:
        match step:
            case "write":
                full.setattr(
                    handler,
                    "stream",
                    SimpleNamespace(write=refuse, flush=refuse, close=lambda: None, tell=lambda: 0, seek=lambda *_: 0),
                )
            case "rename":
                full.setattr(os, "rename", refuse)
            case _:
                full.setattr(handler, "_open", refuse)
        for n in range(300):
            handler.emit(_record(f"refused {n} {'x' * 40}"))
    handler.emit(_record("well again"))
    assert "well again" in (folder / "pos-client.log").read_text(encoding="utf-8")
    assert _sizes(folder) <= 5_000 * (FILES_KEPT + 1)
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a kill nobody hears")
def test_killed_while_it_floods_the_next_run_goes_on_within_the_bound(tmp_path: Path):
    folder = tmp_path / "logs"
    flood = (
        "import sys; from pathlib import Path; import logging\n"
        "from pos_client.adapters.diagnostics import log_setup as s\n"
        "h = s._handler(Path(sys.argv[1]), 'pos-client', 5_000, 9)\n"
        "print('up', flush=True)\n"
        "while True: h.emit(logging.LogRecord('x', 20, '', 0, 'a line of the flood', None, None))\n"
    )
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", flood, str(folder)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        eventually(lambda: len(list(folder.glob("*"))) == FILES_KEPT + 1, 20)
        process.kill()
        process.wait()
        process.stdout.close()
        assert _sizes(folder) <= 5_000 * (FILES_KEPT + 1)


@pytest.mark.log_expected("a link complains")
def test_a_link_has_its_own_file_with_raw_bytes_and_only_its_warnings_reach_the_programs(log: Path):
    link = link_logger(log.parent, "dart-1")
    handlers = list(link.handlers)
    assert link_logger(log.parent, "dart-1") is link
    assert link.handlers == handlers
    link.debug("> %s", bytes.fromhex("50200301").hex(" "))
    link.warning("no answer")
    own = (log.parent / "link-dart-1.log").read_text(encoding="utf-8")
    assert "> 50 20 03 01" in own
    program = log.read_text(encoding="utf-8")
    assert "no answer" in program
    assert "50 20 03 01" not in program
    close_link(log.parent, "dart-1")
    assert link.handlers == []


def test_a_folder_that_takes_no_log_does_not_keep_the_terminal_closed(tmp_path: Path, capfd):
    (tmp_path / "file").write_text("")
    handler = log_setup._handler(tmp_path / "file" / "logs", "pos-client")
    assert isinstance(handler, logging.StreamHandler)
    assert handler.formatter is not None
