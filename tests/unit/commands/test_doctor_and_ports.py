"""`pos-client doctor` and `pos-client ports`: what a technician reads, and what a program reads."""

from __future__ import annotations

import json
import threading
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pos_client.adapters.dispensers import port_identity
from pos_client.adapters.dispensers.port_identity import PortDescription
from pos_client.adapters.dispensers.probe_line import Examination
from pos_client.adapters.settings_file.toml_file import write_settings
from pos_client.adapters.sqlite.store import open_store
from pos_client.bootstrap import port_list
from pos_client.bootstrap.arguments import parse
from pos_client.bootstrap.at_work import terminal_runs
from pos_client.bootstrap.checkup import Checkup
from pos_client.bootstrap.finding import Finding, Level
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.port_examiner import PortExaminer
from pos_client.bootstrap.port_list import known_ports
from pos_client.domain.moment import VIETNAM, Moment
from pos_client.domain.port_finding import KnownPort, PortFinding, PortUse, ProbeProgress, ProbeStep
from pos_client.ports.store import Change
from pos_client.settings.model import GradeSettings, LineSettings, PointSettings, ScreenSettings, Settings
from pos_client.settings.proposal import proposed_line
from pos_client.settings.validation import check
from pos_client.settings.writing import as_tree
from tests.contracts.store_contract import AT, opened
from tests.words import words

A = PortDescription("/dev/ttyUSB0", "Converter", "usb:0403:6001:A1", ("usb:0403:6001:A1",))
B = PortDescription("/dev/ttyUSB1", "Converter", "usb:0403:6001:B2", ("usb:0403:6001:B2",))
MAINBOARD = PortDescription("/dev/ttyS0", "ttyS0")
GRADES = (GradeSettings("DO", "DO 0,05S", 21_580),)


def line(name: str, port: str, identity: str = "") -> LineSettings:
    return LineSettings(name, "dart", port, points=(PointSettings(1, 80, ("DO",)),), identity=identity)


def opening(**answers: str) -> Callable[[str], str]:
    return lambda device: answers.get(device.rsplit("/", 1)[-1], "")


# ── ports ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_port_says_whose_it_is_by_name_or_identity_and_whether_it_opens():
    lines = (line("a", "/dev/ttyUSB7", A.identity), line("b", "/dev/ttyS0"), line("c", "socket://h:1"))
    rows = known_ports(
        Settings(lines=lines),
        terminal_runs=False,
        ports=lambda: [MAINBOARD, A, B],
        try_port=opening(ttyS0="[Errno 13] Permission denied", ttyUSB1="Could not exclusively lock port"),
    )
    assert rows == [
        KnownPort("/dev/ttyS0", "ttyS0", "", ("b",), PortUse.UNREACHABLE, "[Errno 13] Permission denied"),
        KnownPort("/dev/ttyUSB0", "Converter", A.identity, ("a",), PortUse.FREE),
        KnownPort("/dev/ttyUSB1", "Converter", B.identity, (), PortUse.BUSY, "Could not exclusively lock port"),
        KnownPort("socket://h:1", "", "", ("c",), PortUse.FREE),
    ]


def test_ports_of_a_running_terminal_are_not_touched():
    touched: list[str] = []

    def try_port(device: str) -> str:
        touched.append(device)
        return ""

    rows = known_ports(
        Settings(lines=(line("a", "COM9", A.identity),)), terminal_runs=True, ports=lambda: [A, B], try_port=try_port
    )
    assert touched == [B.device]
    assert [(row.device, row.use) for row in rows] == [(A.device, PortUse.BUSY), (B.device, PortUse.FREE)]


def test_a_line_whose_adapter_is_away_is_listed_by_its_identity():
    rows = known_ports(
        Settings(lines=(line("a", "/dev/ttyUSB0", B.identity), line("b", "COM1", "usb:1:2:3"))),
        terminal_runs=False,
        ports=lambda: [A],
        try_port=opening(),
    )
    assert [(row.device, row.identity, row.lines, row.use) for row in rows] == [
        (A.device, A.identity, (), PortUse.FREE),
        (B.identity, B.identity, ("a",), PortUse.MISSING),
        ("usb:1:2:3", "usb:1:2:3", ("b",), PortUse.MISSING),
    ]


def test_the_ports_command_answers_people_and_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    site = Site(tmp_path)
    settings = Settings(grades=GRADES, lines=(line("dart-1", "/dev/there-is-no-such-port"),))
    write_settings(site.settings, settings)
    monkeypatch.setattr(port_list, "describe_ports", lambda: [])
    for language, title in (("vi", "# cổng"), ("en", "# port")):
        arguments = parse(["ports", "--data", str(tmp_path), "--lang", language])
        assert arguments.run(arguments) == 0
        first, row = capsys.readouterr().out.splitlines()
        assert first.startswith(title)
        assert row.split()[0] == "/dev/there-is-no-such-port"
    arguments = parse(["ports", "--data", str(tmp_path), "--json"])
    assert arguments.run(arguments) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["device"], told["lines"], told["use"]) == ("/dev/there-is-no-such-port", ["dart-1"], "unreachable")


# ── the whole terminal ──────────────────────────────────────────────────────────────────────────────────────────────


class Clock:
    """As somebody set it."""

    def __init__(self, wall: datetime) -> None:
        self._wall = wall

    def now(self) -> Moment:
        return Moment(0, self._wall.astimezone(VIETNAM))


def looked_at(site: Site, settings: Settings | None, language: str, wall: datetime) -> dict[str, Finding]:
    found = Checkup(site, words(language), settings, Clock(wall)).findings()  # type: ignore[arg-type]
    return {finding.code: finding for finding in found}


class Forgetful:
    """A key store without a key in it."""

    def __init__(self, **_: str) -> None:
        """Whosever."""

    def get(self, name: str) -> None:
        return None


@pytest.fixture(autouse=True)
def no_key_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own key store is opened by a test."""
    monkeypatch.setattr("pos_client.adapters.secrets.keyring_store.open_keyring", Forgetful)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_finding_is_said_in_full(tmp_path: Path, language: str):
    site = Site(tmp_path)
    lines = (line("dart-1", "/dev/there-is-no-such-port"), line("dart-2", "COM2", "usb:1:2:3"))
    settings = Settings(grades=GRADES, lines=lines)
    settings = replace(settings, central=replace(settings.central, url="http://127.0.0.1:9"))
    write_settings(site.settings, settings)
    found = looked_at(site, settings, language, AT)
    assert {"disk", "no_books", "settings", "keys", "line_unreachable", "line_missing", "no_printer"} <= set(found)
    assert "central_away" in found
    for finding in found.values():
        assert finding.says
        assert "{" not in finding.says + finding.do
        assert not finding.says.startswith("doctor.")
        assert bool(finding.do) == (finding.level is not Level.OK)


def test_a_clock_behind_the_books_is_a_fault(tmp_path: Path):
    site = Site(tmp_path)
    store = open_store(site.journal)
    store.commit(Change(facts=(opened(1),)), AT)
    store.close()
    assert "clock" in looked_at(site, None, "en", AT + timedelta(minutes=1))
    found = looked_at(site, None, "en", AT - timedelta(hours=2))
    assert found["clock_back"].level is Level.FAULT
    assert found["clock_back"].do


def test_a_running_terminal_is_not_disturbed(tmp_path: Path):
    site = Site(tmp_path)
    settings = Settings(grades=GRADES, lines=(line("dart-1", "/dev/there-is-no-such-port"),))
    store = open_store(site.journal)
    try:
        assert "line_served" in looked_at(site, settings, "en", AT)
    finally:
        store.close()
    assert "line_unreachable" in looked_at(site, settings, "en", AT)


def test_settings_that_are_wrong_are_all_told_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "settings.toml").write_text('[screen]\nlanguage = "fr"\n[station]\nx = 1\n', "utf-8")
    arguments = parse(["doctor", "--data", str(tmp_path), "--lang", "en", "--json"])
    assert arguments.run(arguments) == 1
    faults = [finding for finding in json.loads(capsys.readouterr().out) if finding["level"] == "fault"]
    assert [finding["what"] for finding in faults] == ["settings", "settings"]
    assert all("settings.toml" in finding["do"] for finding in faults)


# ── one port ────────────────────────────────────────────────────────────────────────────────────────────────────────

FINDING = PortFinding("dart", 19_200, "O", (80, 84), 98, 40, 0, listened_only=False)


class Doctor:
    """Finds what it is told to."""

    last: ProbeProgress

    def __init__(self) -> None:
        pass

    def examine(self, order: object, report: Callable[[ProbeProgress], None], stop: object) -> ProbeProgress:
        report(ProbeProgress("COM3", ProbeStep.LISTENING, 1, "dart 9600 8O1"))
        report(self.last)
        return self.last


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch) -> type[Doctor]:
    monkeypatch.setattr("pos_client.adapters.dispensers.discovery.PortDoctor", Doctor)
    monkeypatch.setattr(port_identity, "describe_ports", lambda: [replace(A, device="COM3")])
    return Doctor


def examined(tmp_path: Path, *more: str) -> int:
    arguments = parse(["doctor", "--port", "COM3", "--data", str(tmp_path), *more])
    return arguments.run(arguments)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_was_found_can_be_pasted_into_the_settings(
    tmp_path: Path, doctor: type[Doctor], capsys: pytest.CaptureFixture[str], language: str
):
    settings = Settings(grades=GRADES, screen=ScreenSettings(language=language))
    write_settings(Site(tmp_path).settings, settings)
    doctor.last = ProbeProgress("COM3", ProbeStep.DONE, 100, findings=(FINDING,))
    assert examined(tmp_path) == 0
    said = capsys.readouterr()
    assert "19200" in said.out
    assert "98" in said.out
    assert "80, 84" in said.out
    assert "dart 9600 8O1" in said.err
    pasted = tomllib.loads(said.out[said.out.index("[[lines]]") :])
    checked = check({**as_tree(settings), **pasted})
    assert checked.faults == ()
    assert checked.settings is not None
    (found,) = checked.settings.lines
    assert (found.port, found.identity, found.baud_rate, found.parity) == ("COM3", A.identity, 19_200, "O")
    assert [(p.point, p.address, p.nozzles) for p in found.points] == [(1, 80, ("DO",)), (2, 84, ("DO",))]


def test_a_program_gets_the_same(tmp_path: Path, doctor: type[Doctor], capsys: pytest.CaptureFixture[str]):
    doctor.last = ProbeProgress("COM3", ProbeStep.DONE, 100, findings=(FINDING,), detail="speed_unseen")
    assert examined(tmp_path, "--json", "--lang", "en") == 0
    said = capsys.readouterr()
    assert said.err == ""
    answer = json.loads(said.out)
    assert answer["findings"][0] == {
        "protocol": "dart",
        "baud_rate": 19_200,
        "parity": "O",
        "addresses": [80, 84],
        "confidence": 98,
        "good": 40,
        "damaged": 0,
        "listened_only": False,
    }
    assert (answer["step"], answer["detail"], answer["identity"]) == ("done", "speed_unseen", A.identity)
    assert answer["says"]
    assert tomllib.loads(answer["settings"])["lines"][0]["protocol"] == "dart"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("detail", ["silent", "noise", "another_master", "time_over", "speed_unseen"])
def test_nothing_found_is_no_and_says_why(
    tmp_path: Path, doctor: type[Doctor], capsys: pytest.CaptureFixture[str], detail: str, language: str
):
    doctor.last = ProbeProgress("COM3", ProbeStep.DONE, 100, detail=detail)
    assert examined(tmp_path, "--lang", language) == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first == words(language).say(f"probe.detail.{detail}")
    assert first != f"probe.detail.{detail}"


def test_a_port_that_fails_says_what_the_system_said(
    tmp_path: Path, doctor: type[Doctor], capsys: pytest.CaptureFixture[str]
):
    doctor.last = ProbeProgress("COM3", ProbeStep.FAILED, 100, detail="Access is denied")
    assert examined(tmp_path) == 1
    assert "Access is denied" in capsys.readouterr().out


def test_listening_only_makes_no_sense_without_a_port(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    arguments = parse(["doctor", "--listen-only", "--data", str(tmp_path)])
    assert arguments.run(arguments) == 2
    assert "--port" in capsys.readouterr().err


def test_an_adapter_that_is_not_there_is_said(tmp_path: Path, doctor: type[Doctor], capsys: pytest.CaptureFixture[str]):
    arguments = parse(["doctor", "--port", "usb:1:2:3", "--data", str(tmp_path), "--lang", "en"])
    assert arguments.run(arguments) == 1
    assert "not plugged in" in capsys.readouterr().err


def with_two_points(folder: Path) -> None:
    points = (PointSettings(1, 80, ("DO",)), PointSettings(2, 84, ("DO",)))
    east = LineSettings("east", "dart", "COM3", 19_200, "O", points)
    write_settings(Site(folder).settings, Settings(grades=GRADES, lines=(east,)))


@pytest.mark.parametrize(
    ("addresses", "code", "answers"), [((80, 84), 0, [True, True]), ((84,), 1, [False, True]), ((), 1, [False, False])]
)
def test_the_points_of_a_line_are_asked_one_by_one(
    tmp_path: Path,
    doctor: type[Doctor],
    capsys: pytest.CaptureFixture[str],
    addresses: tuple[int, ...],
    code: int,
    answers: list[bool],
):
    with_two_points(tmp_path)
    found = (replace(FINDING, addresses=addresses),) if addresses else ()
    doctor.last = ProbeProgress("COM3", ProbeStep.DONE, 100, findings=found, detail="" if found else "silent")
    for more in (["--json"], ["--lang", "vi"], ["--lang", "en"]):
        arguments = parse(["doctor", "--line", "east", "--data", str(tmp_path), *more])
        assert arguments.run(arguments) == code
        said = capsys.readouterr().out
        if more == ["--json"]:
            assert [point["answers"] for point in json.loads(said)["points"]] == answers
        else:
            assert len(said.splitlines()) == len(answers) + (not found)


@pytest.mark.parametrize(
    "last",
    [
        ProbeProgress("COM3", ProbeStep.FAILED, 100, detail="Could not exclusively lock port COM3"),
        ProbeProgress(
            "COM3", ProbeStep.DONE, 100, findings=(replace(FINDING, listened_only=True),), detail="another_master"
        ),
        ProbeProgress("COM3", ProbeStep.DONE, 100, detail="noise"),
    ],
    ids=lambda last: last.detail,
)
def test_points_nobody_could_ask_are_not_called_silent(
    tmp_path: Path, doctor: type[Doctor], capsys: pytest.CaptureFixture[str], last: ProbeProgress
):
    with_two_points(tmp_path)
    doctor.last = last
    for more in (["--json"], ["--lang", "en"]):
        arguments = parse(["doctor", "--line", "east", "--data", str(tmp_path), *more])
        assert arguments.run(arguments) == 1
        said = capsys.readouterr().out
        if more == ["--json"]:
            assert [point["answers"] for point in json.loads(said)["points"]] == [None, None]
        else:
            assert len(said.splitlines()) == 1


@pytest.mark.parametrize("words", [["--port", ""], ["--line", " "], ["--port", "a", "--line", "b"], ["--seconds", "0"]])
def test_what_makes_no_sense_is_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        parse(["doctor", *words])
    assert left.value.code == 2
    assert capsys.readouterr().err


def test_a_line_nobody_has_set_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with_two_points(tmp_path)
    arguments = parse(["doctor", "--line", "west", "--data", str(tmp_path)])
    assert arguments.run(arguments) == 2
    assert "east" in capsys.readouterr().err


# ── the proposal ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_that_has_the_port_keeps_its_name_its_points_and_its_options():
    point = PointSettings(7, 84, ("DO", "DO"), volume_decimals=3)
    before = LineSettings("east", "dart", "COM9", points=(point,), identity=A.identity)
    settings = Settings(grades=GRADES, lines=(before, line("dart-1", "COM1")))
    proposed = proposed_line(FINDING, "COM3", A.identity, settings)
    assert proposed["name"] == "east"
    assert proposed["points"] == [
        {"point": 2, "address": 80, "nozzles": ["DO"]},
        {"point": 7, "address": 84, "nozzles": ["DO", "DO"], "volume_decimals": 3},
    ]
    assert proposed_line(FINDING, "COM3", "", settings)["name"] == "dart-2"


@pytest.mark.parametrize("grades", [(), (*GRADES, GradeSettings("E5", "E5 RON 92-II", 25_790))])
def test_a_grade_no_wire_can_tell_is_left_open_and_the_check_says_so(grades: tuple[GradeSettings, ...]):
    """An overlooked one would be sold at another grade's price."""
    proposed = proposed_line(FINDING, "COM3", "", Settings(grades=grades))
    assert [(f.place, f.code) for f in check({"lines": [proposed]}).faults] == [
        ("lines[0].points[0].nozzles", "wrong_count"),
        ("lines[0].points[1].nozzles", "wrong_count"),
    ]


def test_a_checkup_needs_no_terminal_to_tell_whether_one_runs(tmp_path: Path):
    assert not terminal_runs(Site(tmp_path / "none"))


# ── for a window ────────────────────────────────────────────────────────────────────────────────────────────────────


class SlowDoctor:
    """Looks until it is told to stop."""

    def __init__(self) -> None:
        self.began, self.ended = threading.Event(), threading.Event()
        self.ports: list[str] = []

    def examine(self, order: Examination, report: Callable[[ProbeProgress], None], stop: threading.Event) -> None:
        self.ports.append(order.port)
        self.began.set()
        assert stop.wait(10)
        report(ProbeProgress(order.port, ProbeStep.CANCELLED, 100))
        self.ended.set()


def examiner(doctor: SlowDoctor, told: list[ProbeProgress]) -> PortExaminer:
    def failed(fault: BaseException) -> None:
        raise AssertionError from fault

    return PortExaminer(told.append, failed, doctor)  # type: ignore[arg-type]


def test_one_examination_at_a_time_and_each_can_be_ended():
    doctor, told = SlowDoctor(), list[ProbeProgress]()
    window = examiner(doctor, told)
    window.examine("COM3")
    assert doctor.began.wait(10)
    window.examine("COM4")
    assert doctor.ended.is_set()
    window.cancel()
    assert (doctor.ports, [progress.port for progress in told]) == (["COM3", "COM4"], ["COM3", "COM4"])
    window.cancel()


def test_an_adapter_that_is_away_is_told_to_the_window(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(port_list, "describe_ports", lambda: [A])
    doctor, told = SlowDoctor(), list[ProbeProgress]()
    window = examiner(doctor, told)
    window.examine(B.identity)
    window.cancel()
    assert [(progress.port, progress.step) for progress in told] == [(B.identity, ProbeStep.FAILED)]
    assert doctor.ports == []
