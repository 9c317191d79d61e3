"""The command line's promises: 0 fine, 1 "no", 2 wrong usage; JSON where it was promised; never a traceback."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_client.adapters.settings_file.toml_file import write_settings
from pos_client.adapters.sqlite.store import open_store
from pos_client.bootstrap.arguments import parse
from pos_client.bootstrap.demo.demo_site import enrolled_settings
from pos_client.bootstrap.demo.sandbox_process import Addresses
from pos_client.bootstrap.paths import Site
from pos_client.ports.store import Change
from pos_client.protocols.dispenser.registry import PROTOCOLS
from tests.contracts.store_contract import AT, item, opened
from tests.end_to_end.console import ROOT, pos_client
from tests.waiting import eventually

# ── usage ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_help_names_every_command_and_the_version_is_said():
    answer = pos_client("--help")
    assert answer.returncode == 0
    for command in ("demo", "sandbox", "journal", "decode", "ports", "doctor", "settings", "support-bundle"):
        assert re.search(rf"^    {command}\s", answer.stdout, re.MULTILINE)
        assert pos_client(command, "--help").returncode == 0
    assert pos_client("--version").stdout.startswith("pos-client ")


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",), ("--nonsense",), ("demo", "--lang", "fr"), ("demo", "--seed", "one"), ("journal",),
        ("journal", "repair", "x.db"), ("journal", "list"), ("decode",), ("decode", "nonsense", "00"),
        ("decode", "dart", "--from", "nobody", "00"), ("doctor", "--nonsense"), ("ports", "extra"),
        ("demo", "--headless", "--scenario", "nonsense"),
        ("demo", "--headless", "--scenario", "accrue-cash", "--report", "/dev/null/report.json"),
        ("demo", "--headless", "--scenario", "accrue-cash", "--screenshots", "/dev/null/pictures"),
        ("sandbox", "--scenario", "/nonsense.toml"), ("sandbox", "--central-address", "nonsense"),
        ("sandbox", "--dispenser", "nonsense"), ("sandbox", "--dispenser", "other=dart@pty"),
        ("sandbox", "--db", "nonsense"), ("sandbox", "--speed", "fast"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_2_with_a_reason_and_nothing_is_started(words: tuple[str, ...]):
    answer = pos_client(*words)
    assert answer.returncode == 2
    assert answer.stderr.strip()
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr


# ── decode ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_decode_reads_arguments_and_standard_input_alike():
    answers = pos_client("decode", "dart", "54", "20", "FA"), pos_client("decode", "dart", given=b"54 20,\nFA")
    assert [answer.returncode for answer in answers] == [0, 0]
    assert answers[0].stdout == answers[1].stdout
    assert json.loads(answers[0].stdout)["kind"] == "poll"


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "dispenser", "gilbarco-two-wire", "05", "65"),
        ("gilbarco-two-wire", "--from", "dispenser", "05", "65"),
        ("gilbarco-two-wire", "05", "--from", "dispenser", "65"),
        ("gilbarco-two-wire", "05 65", "--from=dispenser"),
    ],
    ids=" ".join,
)
def test_decode_takes_the_sender_wherever_it_is_said(words: tuple[str, ...]):
    given = parse(["decode", *words])
    assert (given.protocol, " ".join(given.hex), given.sender) == ("gilbarco-two-wire", "05 65", "dispenser")


GARBAGE = [
    b"zz",
    b"5",
    b"\xff\xfe\x00",
    random.Random(4).randbytes(200),
    random.Random(5).randbytes(200).hex().encode(),
]


@pytest.mark.parametrize("given", GARBAGE, ids=["no hex", "half a byte", "no text", "binary", "noise"])
def test_decode_answers_garbage_with_objects(given: bytes):
    answer = pos_client("decode", "dart", given=given)
    assert answer.returncode == 1
    assert answer.stderr == ""
    assert all(isinstance(json.loads(line), dict) for line in answer.stdout.splitlines())
    assert answer.stdout


@settings(max_examples=200)
@given(raw=st.binary(max_size=120), sender=st.sampled_from([None, "controller", "dispenser"]))
def test_no_bytes_make_the_decoder_fail(raw: bytes, sender: str | None):
    for protocol in PROTOCOLS.values():
        json.dumps(protocol.describe(raw, sender))


# ── journal ─────────────────────────────────────────────────────────────────────────────────────────────────────────

ACTIONS = ("list", "show", "verify", "export", "certificate")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Path]:
    """A live book: a terminal works on it."""
    path = tmp_path / "journal.db"
    store = open_store(path)
    store.commit(Change(facts=tuple(opened(n) for n in range(1, 60)), items=(item(1),)), AT)
    yield path
    store.close()


@pytest.mark.parametrize("action", ACTIONS)
def test_a_live_journal_is_read_without_disturbing_it(book: Path, action: str):
    before = {path.name: path.read_bytes() for path in book.parent.iterdir() if not path.name.endswith("-shm")}
    answer = pos_client("journal", action, book, "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout
    for text in [answer.stdout] if action in ("show", "verify", "certificate") else answer.stdout.splitlines():
        json.loads(text)
    assert before == {p.name: p.read_bytes() for p in book.parent.iterdir() if not p.name.endswith("-shm")}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("content", [None, b"", b"hello\n", bytes(9_000), "directory", "another database"])
def test_what_is_no_journal_is_said_in_one_line(tmp_path: Path, action: str, content: bytes | str | None):
    path = tmp_path / "journal.db"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "directory":
        path.mkdir()
    elif content is not None:
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE notes (text)")
        other.close()
    answer = pos_client("journal", action, path)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert len(answer.stderr.splitlines()) == 1


def test_a_damaged_journal_is_never_called_whole(book: Path, tmp_path: Path):
    dice, seen = random.Random(11), set()
    copy = tmp_path / "copy.db"
    whole = pos_client("journal", "export", book).stdout
    source, target = sqlite3.connect(book), sqlite3.connect(copy)
    source.backup(target)
    source.close()
    target.close()
    sound = copy.read_bytes()
    for _ in range(6):
        damaged = bytearray(sound)
        start = dice.randrange(100, len(damaged) - 600)
        damaged[start : start + 500] = dice.randbytes(500)
        copy.write_bytes(damaged)
        verify, export = pos_client("journal", "verify", copy), pos_client("journal", "export", copy)
        assert "Traceback" not in verify.stderr + export.stderr
        seen.add(verify.returncode)
        assert verify.returncode == 1 or export.stdout == whole
    assert 1 in seen


def test_a_reader_that_stops_reading_gets_no_traceback(book: Path):
    command = f"{sys.executable} -m pos_client journal export {book} | head -1"
    answer = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=50, check=False, cwd=ROOT)
    assert answer.stderr == ""
    assert len(answer.stdout.splitlines()) == 1


# ── ports, doctor ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_ports_answers_a_program():
    assert isinstance(json.loads(pos_client("ports", "--json").stdout), list)


def test_doctor_makes_nothing_and_finds_what_is_wrong(tmp_path: Path):
    nothing = tmp_path / "none"
    answer = pos_client("doctor", "--data", nothing, "--json")
    assert answer.returncode == 0
    assert {finding["what"]: finding["level"] for finding in json.loads(answer.stdout)}["settings"] == "warning"
    assert not nothing.exists()
    site = Site(tmp_path)
    site.settings.write_text("[station]\nnonsense = 1\n", "utf-8")
    site.journal.write_bytes(b"nonsense" * 600)
    answer = pos_client("doctor", "--data", tmp_path, "--json")
    assert answer.returncode == 1
    found = {finding["what"]: finding for finding in json.loads(answer.stdout) if finding["level"] == "fault"}
    assert set(found) == {"settings", "books"}
    assert "station.nonsense" in found["settings"]["says"]
    assert all(finding["do"] for finding in found.values())


# ── sandbox, and doctor on a site of it ─────────────────────────────────────────────────────────────────────────────


def test_the_sandbox_says_one_line_and_nothing_of_it_survives_a_kill(tmp_path: Path):
    sandbox = subprocess.Popen(
        [sys.executable, "-m", "pos_client", "sandbox", "--speed", "20"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert sandbox.stdout is not None
    try:
        addresses = Addresses(json.loads(sandbox.stdout.readline()))
        site = Site(tmp_path)
        write_settings(site.settings, enrolled_settings(addresses, site, "en"))
        doctor = pos_client("doctor", "--data", tmp_path, "--json")
        levels = {finding["what"]: finding["level"] for finding in json.loads(doctor.stdout)}
        assert (levels["settings"], levels["central"], levels["line dart-1"]) == ("ok", "ok", "ok")
        children = [int(pid) for pid in _children_of(sandbox.pid)]
        assert len(children) == 2
    finally:
        sandbox.send_signal(signal.SIGKILL)
        sandbox.wait(10)
    assert sandbox.stdout.read() == ""
    sandbox.stdout.close()
    assert sandbox.stdin is not None
    sandbox.stdin.close()
    eventually(lambda: not any(_lives(pid) for pid in children), 20.0, what="its parts have ended")


def _children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
