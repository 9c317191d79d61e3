"""From one empty folder to a till that sells and redeems, through the assistant's own window and the real things.

The lines are found by the port doctor on a real pseudo-terminal, the keypad is paired over one, head office is the
sandbox's, the paper is a file. What goes wrong on the way is said, and the step stays owed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_client.adapters.settings_file.toml_file import read_settings
from pos_client.bootstrap import first_start
from pos_client.bootstrap.demo import parts
from pos_client.bootstrap.demo.sandbox_process import Control, SandboxProcess
from pos_client.bootstrap.demo.stage import Stage
from pos_client.bootstrap.ticks import TICKS, keep_ticks
from pos_client.domain.keypad import KeypadKind
from pos_client.protocols.keypad.keys import OtherKey
from pos_client.ui.assistant.view_model import Step
from tests.end_to_end.first_visit import Visit, a_visit

Key = Qt.Key
NOZZLES = ("E10-95-III, E5-92-II, DO-005S", "E10-95-III, E5-92-II", "DO-005S, E10-95-III", "DO-005S")
"""What each pump of the first line sells, as painted on it (`resources/sandbox/station.toml`)."""
GUIDE = (Path(__file__).parents[2] / "packaging" / "TECHNICIAN.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sandbox():
    process = SandboxProcess(["--seed", "21", "--speed", "20"])
    yield process.addresses
    process.stop()


@pytest.mark.timeout(300)
@pytest.mark.qt_log_ignore("raise")  # offscreen has no order of windows
def test_from_an_empty_folder_to_a_till_that_sells_and_redeems(tmp_path: Path, sandbox, monkeypatch):
    started: list[list[str]] = []
    monkeypatch.setattr("pos_client.bootstrap.first_start.subprocess.Popen", started.append)
    office = Control(sandbox.central["control"])
    with a_visit(tmp_path / "till", sandbox, monkeypatch) as visit:
        visit.start()
        assert visit.at() is Step.LANGUAGE
        visit.press(Key.Key_Return)
        visit.told("done")
        visit.press(Key.Key_Return)

        _enrolment_goes_wrong_and_right(visit, office)
        visit.press(Key.Key_Return)

        _lines(visit)
        visit.press(Key.Key_Return)
        assert visit.at() is Step.KEYPAD
        _keypad(visit)
        visit.press(Key.Key_Return)
        assert visit.at() is Step.PRINTER
        _printer(visit, tmp_path)
        visit.press(Key.Key_Return)
        assert visit.at() is Step.SCREEN
        visit.press(Key.Key_Return)
        visit.told("done")
        visit.press(Key.Key_Return)
        assert visit.at() is Step.REHEARSAL
        visit.press(Key.Key_Return)
        visit.told("done")
        assert "training" in started[0]
        visit.site.training.mkdir()
        keep_ticks(visit.site.training / TICKS, {first_start.PRACTISED})  # the exercises' own tests play it

        visit.restart()
        assert visit.shown() is None, "nothing is owed any more"
        visit.stop()
        assert f"| **cả buổi · all of it** | **{visit.taps}** |" in GUIDE, "the table of taps is true"
        _sells_and_redeems(visit)
    office.close()


def _enrolment_goes_wrong_and_right(visit: Visit, office: Control) -> None:
    assert visit.at() is Step.ENROL
    code = office.post("/control/enrolment-codes", station="CHXD018", terminal="T1")["code"]
    url = visit.addresses.central["url"]
    for scanned, said in (
        (f"http://127.0.0.1:9 {code}", "Chưa gửi gì"),
        (f"http://central.vn {code}", "https://"),
        (f"{url} 2222-2222-2222-2222", "Mã sai"),
    ):
        visit.scan(scanned)
        assert said in visit.told("fault")
        assert visit.assistant.fields["code"].text() == scanned, "what was typed stays, to be mended"
        assert visit.key_of(visit.assistant, "onward") is None, "the step stays owed"
    office.post("/control/faults", name="answer_lost", match="/v1/enrolments", times=1)
    visit.scan(f"{url} {code}")
    assert "cùng mã" in visit.told("fault")
    office.post("/control/clock", offset_s=3600)
    visit.scan(f"{url} {code}")
    assert "lệch với trung tâm" in visit.told("done")
    office.post("/control/clock", offset_s=0)
    settings = read_settings(visit.site.settings).settings
    assert settings is not None
    assert (settings.station.till, settings.central.epoch) == ("CHXD018-T1", 1), "once, whatever was lost"
    assert len(settings.grades) == 3


def _lines(visit: Visit) -> None:
    assert visit.at() is Step.LINES
    visit.press(Key.Key_Return)
    visit.until(lambda: visit.shown() is None, "the assistant stands back")
    visit.tap(visit.page, "add-port-0")
    visit.tap(visit.page, "accept-0")
    for number, nozzles in enumerate(NOZZLES):
        visit.fill(f"lines[0].points[{number}].nozzles", nozzles)
    visit.tap(visit.page, "technician-save")
    visit.until(lambda: "Đã lưu" in visit.page.status.text(), "the line is saved")
    _back(visit, Step.LINES)


def _keypad(visit: Visit) -> None:
    visit.press(Key.Key_Return)
    visit.until(lambda: visit.shown() is None, "the assistant stands back")
    visit.tap(visit.page, "pair-keypad")
    visit.until(lambda: "PAD0001" in visit.page.devices.listened.text(), "the pad is heard")
    visit.pad.press(5)
    visit.until(lambda: "Đã lưu" in visit.page.devices.saved.text(), "the keypad is paired")
    _back(visit, Step.KEYPAD)
    settings = read_settings(visit.site.settings).settings
    assert settings is not None
    assert settings.keypad.kind == KeypadKind.SERIAL.value


def _back(visit: Visit, step: Step) -> None:
    """Esc on the technician's page: the assistant is there again, and the step is done."""
    assert visit.till is not None
    visit.press(Key.Key_Escape, visit.till.windows.cashier)
    visit.until(visit.shown, "the assistant comes back")
    assert visit.at() is step
    assert visit.key_of(visit.assistant, "onward") is not None


def _printer(visit: Visit, folder: Path) -> None:
    visit.type(f"file:{folder / 'nowhere' / 'paper'}")
    visit.press(Key.Key_Return)
    visit.told("fault")
    assert visit.key_of(visit.assistant, "onward") is None
    visit.type(f"file:{folder / 'paper'}")
    visit.press(Key.Key_Return)
    visit.told("done")
    assert (folder / "paper").stat().st_size > 1000


def _sells_and_redeems(visit: Visit) -> None:
    """At once, for money and for points; the code is typed on the keypad that was paired."""
    settings = read_settings(visit.site.settings).settings
    assert settings is not None
    stage = Stage(visit.app, visit.addresses, settings, visit.site)
    stage.open_terminal()
    assert stage.seen.notice is None, "nothing is left to be said"
    stage.fuel(1, 50_000)
    parts.open_sale(stage, Key.Key_1)
    parts.pay(stage, Key.Key_F9)

    stage.fuel(2, 100_000)
    parts.open_sale(stage, Key.Key_2)
    parts.identify(stage, parts.INDIVIDUAL_ID)
    heard = len(stage.central.get("/control/sms"))
    parts.hold(stage)
    for digit in stage.read_sms(after=heard):
        visit.pad.press(int(digit))
    visit.pad.press(OtherKey.OK)
    parts.paid(stage)  # the points cover all of it
    stage.settled()
    stage.close()
