"""The test page of `pos-client doctor --printer`: read back from paper, and every way it fails in words."""

from __future__ import annotations

import json
import socket
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from pos_client.adapters.peripherals import printer_talk
from pos_client.adapters.peripherals.printer_target import parse_target
from pos_client.adapters.peripherals.printer_trial import can_be_shared, page_of, print_test_page
from pos_client.adapters.peripherals.receipt_raster import draw
from pos_client.adapters.settings_file.toml_file import write_settings
from pos_client.adapters.sqlite.store import open_store
from pos_client.bootstrap.arguments import parse
from pos_client.bootstrap.finding import Finding, Level
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.printer_check import printed_test
from pos_client.domain.paper import Line, Style, as_text, text_of
from pos_client.domain.printer_test_page import layout
from pos_client.domain.printer_trouble import PrinterTrouble as T
from pos_client.sandbox.printer.roll import Cut, Letters, Picture, Roll
from pos_client.sandbox.printer.server import PrinterState, simulated_printer
from pos_client.settings.model import PrinterSettings, Settings, StationSettings
from tests.printed import as_image
from tests.qr_reader import read_qr
from tests.words import FONTS, words

AT = "2026-11-29T08:30:00+07:00"
STATION = StationSettings("CHXD018", "Cửa hàng 18", "T1", "")
LANGUAGES = ("vi", "en")
VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The waits of a counter, shortened: a test has no hands to load paper with."""
    monkeypatch.setattr(printer_talk, "STALL_S", 1.0)
    monkeypatch.setattr(printer_talk, "CONFIRM_S", 5.0)


def settings_for(target: str, **changes: object) -> Settings:
    return replace(Settings(), station=STATION, printer=PrinterSettings(target, **changes))  # type: ignore[arg-type]


def outcome_of(folder: Path, settings: Settings, language: str = "vi") -> Finding:
    return printed_test(Site(folder), settings, words(language), AT)


def pages(raw: bytes) -> tuple[list[Image.Image], Roll]:
    roll = Roll()
    roll.feed(raw)
    assert not roll.waits_for_more
    return [as_image(mark) for mark in roll.marks if isinstance(mark, Picture)], roll


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("columns", "dots"), [(32, 384), (42, 576), (48, 576)])
def test_the_page_is_what_was_drawn_its_code_is_read_and_it_ends_with_a_cut(
    tmp_path: Path, language: str, columns: int, dots: int
):
    paper = tmp_path / "paper"
    settings = settings_for(f"file:{paper}", columns=columns)
    finding = outcome_of(tmp_path, settings, language)
    assert (finding.level, finding.code) == (Level.OK, "printer_tested")
    (picture,), roll = pages(paper.read_bytes())
    assert isinstance(roll.marks[-1], Cut)
    page = page_of(STATION, settings.printer, AT)
    drawn = draw(layout(page, words(language)), FONTS, dots, columns)
    assert ImageChops.difference(picture.convert("L"), drawn.convert("L")).getbbox() is None
    picture.convert("L").save(tmp_path / "paper.png")
    assert read_qr(tmp_path / "paper.png") == [f"CHXD018-T1 {AT}"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [24, 32, 42, 48])
def test_the_page_has_every_letter_the_till_and_the_settings_and_fits(language: str, columns: int):
    printer = PrinterSettings("tcp://10.0.0.9:9100", columns, "text", "TM-T88V")
    lines = layout(page_of(STATION, printer, AT), words(language))
    text = as_text(lines, columns)
    missing = [letter for letter in VIETNAMESE + VIETNAMESE.upper() if letter not in text]
    assert not missing
    assert unicodedata.is_normalized("NFC", text)
    for said in ("Cửa hàng 18", "CHXD018-T1", "29/11/2026", "tcp://10.0.0.9:9100", str(columns), "TM-T88V"):
        assert said in text
    assert all(len(text_of(line, columns)) <= columns for line in lines if line.style is not Style.QR)


@pytest.mark.parametrize("columns", [24, 32, 42, 48])
def test_a_ruler_names_each_tenth_and_is_as_wide_as_the_paper(columns: int):
    ruler = text_of(Line(style=Style.RULER), columns)
    assert len(ruler) == columns
    assert [n for n, mark in enumerate(ruler, 1) if mark.isdigit()] == list(range(10, columns + 1, 10))
    drawn = draw((Line(style=Style.RULER),), FONTS, 576, columns).convert("L")
    low = [x for x in range(576) if drawn.getpixel((x, 12)) == 0]
    assert low == [576 * column // columns - 1 for column in range(10, columns + 1, 10)]
    assert sum(drawn.getpixel((x, 4)) == 0 for x in range(576)) == columns


def test_where_code_pages_are_set_it_comes_drawn_and_by_code_pages(tmp_path: Path):
    paper = tmp_path / "paper"
    assert outcome_of(tmp_path, settings_for(f"file:{paper}", text_mode="text")).level is Level.OK
    _, roll = pages(paper.read_bytes())
    cuts = [n for n, mark in enumerate(roll.marks) if isinstance(mark, Cut)]
    assert len(cuts) == 2
    assert not any(isinstance(mark, Letters) for mark in roll.marks[: cuts[0]])
    assert any(isinstance(mark, Letters) for mark in roll.marks[cuts[0] :])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("breaks", "trouble"),
    [
        (lambda state: setattr(state, "paper", False), T.PAPER_OUT),
        (lambda state: setattr(state, "cover_open", True), T.COVER_OPEN),
        (lambda state: setattr(state, "on_line", False), T.OFF_LINE),
        (lambda state: setattr(state, "broken", True), T.BROKEN),
        (lambda state: setattr(state, "stops_after", 3_000), T.PAPER_OUT),
    ],
    ids=["no paper", "cover", "off-line", "broken", "paper ends on the way"],
)
def test_what_a_printer_says_of_itself_is_said_in_words(
    tmp_path: Path, language: str, breaks: Callable[[PrinterState], None], trouble: T
):
    with simulated_printer() as printer:
        breaks(printer.state)
        finding = outcome_of(tmp_path, settings_for(f"tcp://127.0.0.1:{printer.port}"), language)
    said = words(language)
    assert (finding.level, finding.code) == (Level.FAULT, "printer_lost")
    assert said.say(f"printing.{trouble.value}.says") in finding.says
    assert finding.do == said.say(f"printing.{trouble.value}.do")


def test_a_roll_that_nears_its_end_is_a_warning_and_the_page_is_there(tmp_path: Path):
    with simulated_printer() as printer:
        printer.state.paper_near_end = True
        finding = outcome_of(tmp_path, settings_for(f"tcp://127.0.0.1:{printer.port}"))
        assert any(isinstance(mark, Picture) for mark in printer.roll.marks)
    assert (finding.level, finding.code) == (Level.WARNING, "printer_warned")


def test_a_printer_that_hangs_is_given_up(tmp_path: Path):
    with simulated_printer() as printer:
        printer.state.hangs = True
        settings = settings_for(f"tcp://127.0.0.1:{printer.port}", text_mode="text", columns=48)
        page = page_of(STATION, settings.printer, AT)
        trouble, _ = print_test_page(page, settings.printer, words("en"), FONTS)
    assert trouble is T.HANGS


def test_causes_of_the_system_and_of_the_settings(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    for target, trouble in (
        (nobody, T.UNREACHABLE),
        (f"file:{tmp_path / 'none' / 'paper'}", T.DISK),
        (f"file:{tmp_path}", T.SETTINGS),
        ("file:/dev/usb/lp-none", T.CABLE),
        ("usb:1", T.SETTINGS),
    ):
        finding = outcome_of(tmp_path, settings_for(target), "en")
        assert finding.level is Level.FAULT
        assert words("en").say(f"printing.{trouble.value}.says") in finding.says, target
    printer = PrinterSettings(f"file:{tmp_path / 'paper'}")
    page = page_of(STATION, printer, AT)
    assert print_test_page(page, printer, words("vi"), tmp_path / "none")[0] is T.PROGRAM
    odd = replace(printer, text_mode="text", profile="nobody's")
    assert print_test_page(page, odd, words("vi"), FONTS)[0] is T.SETTINGS
    assert not (tmp_path / "paper").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_beside_a_terminal_at_work_only_a_shared_printer_is_printed_on(tmp_path: Path, language: str):
    store, paper = open_store(Site(tmp_path).journal), tmp_path / "paper"
    try:
        finding = outcome_of(tmp_path, settings_for(f"file:{paper}"), language)
        assert (finding.level, finding.code) == (Level.FAULT, "printer_shared")
        assert str(paper) in finding.says
        assert "F12 K" in finding.do
        assert not paper.exists()
        with simulated_printer() as printer:
            assert outcome_of(tmp_path, settings_for(f"tcp://127.0.0.1:{printer.port}"), language).level is Level.OK
    finally:
        store.close()
    assert outcome_of(tmp_path, settings_for(f"file:{paper}"), language).level is Level.OK


@pytest.mark.parametrize("target", ["file:/dev/usb/lp0", "file:/x", "serial:COM3", "usb:04b8:0e15", "nonsense"])
def test_cables_and_files_are_not_shared(target: str):
    assert not can_be_shared(target)
    assert can_be_shared("tcp://h")
    assert parse_target("tcp://h")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_says_it_and_answers_a_program(tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]):
    site, paper = Site(tmp_path), tmp_path / "paper"

    def doctor(*more: str) -> tuple[int, str]:
        arguments = parse(["doctor", "--printer", "--data", str(tmp_path), "--lang", language, *more])
        return arguments.run(arguments), capsys.readouterr().out

    code, out = doctor("--json")
    assert (code, json.loads(out)[0]["code"]) == (1, "no_printer")
    write_settings(site.settings, settings_for(f"file:{paper}"))
    code, out = doctor()
    assert code == 0
    assert words(language).say("doctor.printer_tested.says") in out
    assert paper.stat().st_size > 10_000


def test_a_page_and_a_port_do_not_go_together(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        parse(["doctor", "--printer", "--port", "COM3"])
    assert ended.value.code == 2
    assert "--printer" in capsys.readouterr().err
