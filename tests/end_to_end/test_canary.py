"""A distinctive PIN and a code typed in each way there is, into a till that is a process of its own; then a search for
them wherever they must not be: widgets, logs, books, every file, what a crash leaves, screenshots, and its memory.

Memory is searched once, when the till has gone on working after the seal: for what stays, the digits next to each
other, as bytes or as text of two bytes a letter, or as base64. That this one look is clean means that nothing keeps
the code; it does not mean that no copy was there before. What Python and OpenSSL copied meanwhile and gave back may be
found by whoever looks in the right millisecond; that this cannot be prevented here is said in `pos_client/README.md`.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_client.adapters.settings_file.toml_file import write_settings
from pos_client.bootstrap.demo.demo_site import enrolled_settings
from pos_client.bootstrap.demo.sandbox_process import Control, SandboxProcess
from pos_client.bootstrap.paths import Site
from pos_client.protocols.keypad.keys import OtherKey
from pos_client.sandbox.keypad.pad import SimulatedPad
from pos_client.settings.model import KeypadSettings
from tests.end_to_end.canary_till import FIFO
from tests.fakes.keypads import BACKSPACE, ENTER, EVENT, PAD

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="evdev, /proc"),
    pytest.mark.timeout(240),
]
PROGRAM = Path(__file__).with_name("canary_till.py")
PIN = "739164028517"
"""Twelve digits, the most that can be typed: no other number in a program is this one."""
INDIVIDUAL, ORGANISATION = "000100001", "000200001"
Press = Callable[[str], None]
"""A digit, `ok` or `clear`."""


class Program:
    """The till's process."""

    def __init__(self, folder: Path, addresses: Path, *mutant: str) -> None:
        root = PROGRAM.parents[2]
        self.folder = folder
        self._errors = (folder / "stderr.txt").open("w", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(folder), str(addresses), *mutant],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(root), "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(folder)},
        )

    def do(self, *commands: str) -> None:
        """One after the other; each has to be answered."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        for command in commands:
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
            assert answer == "ok\n", f"{command}: {(self.folder / 'stderr.txt').read_text('utf-8')[-2000:]}"

    def abort(self) -> int:
        """It dies of SIGABRT, as of a fault in a library."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write("abort\n")
            self.process.stdin.flush()
        return self.process.wait(30)

    def close(self) -> None:
        self.process.kill()
        self.process.wait(30)
        for pipe in (self.process.stdin, self.process.stdout, self._errors):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()

    def memory(self) -> bytes | None:
        """Everything it can write to; None where we are not let look: the till forbids it to all who may not trace.

        Raises `PermissionError` when we may and are not let.
        """
        parts = []
        try:
            maps = Path(f"/proc/{self.process.pid}/maps").read_text("ascii")
            with Path(f"/proc/{self.process.pid}/mem").open("rb", buffering=0) as mem:
                for line in maps.splitlines():
                    bounds = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
                    if bounds is None or "[v" in line:
                        continue
                    first, last = (int(each, 16) for each in bounds.groups())
                    mem.seek(first)
                    with contextlib.suppress(OSError):  # given back since the list was read
                        parts.append(mem.read(last - first))
        except PermissionError:
            if may_trace():
                raise
            return None
        assert parts, "something was read"
        return b"\n".join(parts)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SandboxProcess, Path]]:
    folder = tmp_path_factory.mktemp("canary")
    process = SandboxProcess(["--seed", "7", "--speed", "20", "--db", f"sqlite:///{folder / 'central.db'}"])
    addresses = folder / "addresses.json"
    addresses.write_text(json.dumps(process.addresses.raw), encoding="utf-8")
    yield process, addresses
    process.stop()


@contextlib.contextmanager
def at_work(
    sandbox: tuple[SandboxProcess, Path], folder: Path, keypad: KeypadSettings, *mutant: str
) -> Iterator[tuple[Program, Control]]:
    process, addresses = sandbox
    site = Site(folder / "till")
    site.folder.mkdir()
    settings = enrolled_settings(process.addresses, site, "vi")
    line = settings.lines[0]
    lines = (replace(line, points=line.points[:1]),)  # one pump is enough, and is heard sooner than six
    write_settings(site.settings, replace(settings, keypad=keypad, lines=lines))
    control = Control(process.addresses.central["control"])
    program = Program(folder, addresses, *mutant)
    try:
        control.post("/control/unlock", subject=f"account:{ORGANISATION}")
        program.do("open", "seen keypad", "fuel 20000", "key 1", "seen sale")
        yield program, control
    finally:
        program.close()
        control.close()


@contextlib.contextmanager
def screen(program: Callable[[], Program]) -> Iterator[Press]:
    yield lambda key: program().do(f"touch {key}")


@contextlib.contextmanager
def serial_pad(pad: SimulatedPad) -> Iterator[Press]:
    thread = threading.Thread(target=pad.serve)
    thread.start()
    yield lambda key: pad.press(int(key) if key.isdigit() else OtherKey(key))
    pad.close()
    thread.join()


@contextlib.contextmanager
def usb(folder: Path) -> Iterator[Press]:
    os.mkfifo(folder / FIFO)
    descriptor = os.open(folder / FIFO, os.O_RDWR)

    def press(key: str) -> None:
        code = PAD[int(key)] if key.isdigit() else {"ok": ENTER, "clear": BACKSPACE}[key]
        os.write(descriptor, b"".join(EVENT.pack(0, 0, *event) for event in ((1, code, 1), (0, 0, 0), (1, code, 0))))

    yield press
    os.close(descriptor)


def ask(program: Program, customer: str) -> None:
    """The customer stands at the open sale and is asked for his code."""
    program.do(f"customer {customer}", "seen known", "key F6", "seen asked")


def traces(secret: str) -> dict[str, bytes]:
    """The secret as somebody would keep it."""
    raw = secret.encode()
    found = {
        "digits": raw,
        "text of two bytes a letter": secret.encode("utf-16-le"),
        "text of four bytes a letter": secret.encode("utf-32-le"),
        "numbers": bytes(map(int, secret)),
        "hexadecimal": raw.hex().encode(),
        "base64": base64.b64encode(raw).rstrip(b"="),
        "with blanks": " ".join(secret).encode(),
        "a list": str([int(digit) for digit in secret]).encode(),
    }
    for name in ("md5", "sha1", "sha256"):
        found[name] = hashlib.new(name, raw).hexdigest().encode()
    return found


def finds(haystack: bytes, secret: str, names: Container[str] | None = None) -> list[str]:
    """As which of them (of `names`, or all) it is there. Six digits inside a longer number are that number."""
    found = []
    for name, trace in traces(secret).items():
        if (
            names is None or name in names
        ) and trace in haystack:  # at once, and seldom; only then is looked at what stands around it
            edge = rb"(?<![0-9])" + re.escape(trace) + rb"(?![0-9])" if trace[-1:].isdigit() else re.escape(trace)
            if re.search(edge, haystack):
                found.append(name)
    return found


def in_files(folder: Path, *secrets: str) -> dict[str, list[str]]:
    """Every file the till has left, by name, and as what it holds one of them."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != FIFO]
    assert {"journal.db", "settings.toml", "stderr.txt"} <= {path.name for path in files}, "the search looks there"
    told: dict[str, list[str]] = {}
    for path in files:
        raw = path.read_bytes()
        if raw == bytes(len(raw)):  # the room kept for a full disk: millions of zeros
            continue
        if found := [name for secret in secrets for name in finds(raw, secret)]:
            told[str(path)] = found
    return told


STAYS = ("digits", "text of two bytes a letter", "base64")
NOT_SEARCHED = "without CAP_SYS_PTRACE nobody may read the till's memory, so it was not searched; everything else was"
CAP_SYS_PTRACE = 1 << 19


def may_trace() -> bool:
    """Whether the system lets this process look into one that forbids it."""
    status = Path("/proc/self/status").read_text("ascii")
    return bool(int(re.findall(r"^CapEff:\s*([0-9a-f]+)$", status, re.MULTILINE)[0], 16) & CAP_SYS_PTRACE)


def in_memory(program: Program, *secrets: str) -> dict[str, list[str]] | None:
    """What stays of them when buffers that were given back have been used again; None where we are not let look."""
    program.do("grab again", "grab again")
    memory = program.memory()
    if memory is None:
        return None
    return {secret: found for secret in secrets if (found := finds(memory, secret, STAYS))}


def tell_tale(program: Program, press: Press) -> list[str]:
    """On which screens a 7 and a 3 look different: what is drawn says how many digits there are, never which."""
    program.do("freeze")
    for digit, name in (("7", "seven"), ("3", "three")):
        press(digit)
        program.do("length 1", f"grab {name}")
        press("clear")
        program.do("length 0")
    program.do("grab none", "thaw")

    def picture(name: str, who: str) -> bytes:
        return (program.folder / f"{name}-{who}.png").read_bytes()

    assert picture("seven", "customer") != picture("none", "customer"), "a dot is there to be seen"
    return [who for who in ("cashier", "customer") if picture("seven", who) != picture("three", who)]


WAYS = ("screen", "serial", "usb")


@pytest.mark.parametrize("way", WAYS)
def test_no_typed_code_is_left_anywhere(way: str, sandbox: tuple[SandboxProcess, Path], tmp_path: Path) -> None:
    with contextlib.ExitStack() as opened:
        running: list[Program] = []
        keypad = KeypadSettings(shuffled=True)
        if way == "serial":
            pad = SimulatedPad(heartbeat_ms=100)
            press = opened.enter_context(serial_pad(pad))
            keypad = KeypadSettings("serial", "PAD0001", pad.url)
        elif way == "usb":
            press = opened.enter_context(usb(tmp_path))
            keypad = KeypadSettings("usb", "usb:046a:0023:A1")
        else:
            press = opened.enter_context(screen(lambda: running[0]))
        program, control = opened.enter_context(at_work(sandbox, tmp_path, keypad))
        running.append(program)
        ask(program, ORGANISATION)
        assert tell_tale(program, press) == []
        for digit in PIN:
            press(digit)
        program.do(f"length {len(PIN)}", "widgets while-typed.txt")
        press("ok")
        program.do("seen wrong", "key Escape", "key Delete", "seen nobody")
        sent = len(control.get("/control/sms"))
        ask(program, INDIVIDUAL)
        messages = control.get("/control/sms")
        assert len(messages) > sent
        code: str = messages[-1]["code"]
        for digit in code:
            press(digit)
        program.do(f"length {len(code)}", "widgets code-typed.txt")
        press("ok")
        program.do("seen paid", "widgets afterwards.txt", "grab afterwards")
        core_limit = Path(f"/proc/{program.process.pid}/limits").read_text("ascii")
        assert re.search(r"Max core file size +0 +0 ", core_limit)
        stays = in_memory(program, PIN, code)
        assert not stays
        assert program.abort() == -signal.SIGABRT
        assert in_files(tmp_path, PIN, code) == {}
        assert not [path for path in tmp_path.rglob("*core*") if path.is_file()]
    if stays is None:
        pytest.skip(NOT_SEARCHED)


def test_the_canary_can_sing(sandbox: tuple[SandboxProcess, Path], tmp_path: Path) -> None:
    """A leak of each kind is planted: every search finds its own."""
    running: list[Program] = []
    with (
        screen(lambda: running[0]) as press,
        at_work(sandbox, tmp_path, KeypadSettings(), "leaky") as (program, _),
    ):
        running.append(program)
        ask(program, ORGANISATION)
        assert tell_tale(program, press) == ["cashier", "customer"]
        for digit in PIN:
            press(digit)
        program.do(f"length {len(PIN)}", "widgets while-typed.txt")
        press("ok")
        program.do("seen wrong")
        stays = in_memory(program, PIN)
        assert stays is None or "digits" in stays[PIN] or "text of two bytes a letter" in stays[PIN]
        found = in_files(tmp_path, PIN)
    assert found[str(tmp_path / "while-typed.txt")] == ["digits"]
    assert found[str(tmp_path / "till" / "leak.bin")] == ["text of two bytes a letter"]
    assert found[str(tmp_path / "till" / "logs" / "pos-client.log")] == ["sha256"], "digits the log masks by itself"
    if stays is None:
        pytest.skip(NOT_SEARCHED)
