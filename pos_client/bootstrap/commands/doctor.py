"""`pos-client doctor`: looks at everything a terminal needs, or with `--port` at one port, or with `--printer` at the
printer, and says what to do."""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING

from pos_client.bootstrap.arguments import Arguments
from pos_client.bootstrap.checkup import Checkup
from pos_client.bootstrap.finding import Finding, Level
from pos_client.bootstrap.spoken import Spoken, spoken
from pos_client.domain.port_finding import PortFinding, ProbeProgress, ProbeStep
from pos_client.settings.model import Settings

if TYPE_CHECKING:
    from pos_client.ui.shell.screens import Screen

_SURE_WORDS = (90, 60, 30, 0)
"""`probe.how_sure_<n>`: from that confidence on."""


def run(arguments: Arguments) -> int:
    """0 when nothing is at fault, when dispensers were found on the port, when every point of the line answers, or when
    the test page came out; else 1. 2: options that do not go together, and a line nobody has set."""
    if arguments.listen_only and not arguments.port:
        print("pos-client doctor: --listen-only needs --port", file=sys.stderr)
        return 2
    said = spoken(arguments)
    if arguments.printer:
        return _printer(arguments, said)
    if arguments.line:
        return _one_line(arguments, said)
    return _one_port(arguments, said) if arguments.port else _everything(arguments, said)


def _everything(arguments: Arguments, said: Spoken) -> int:
    from pos_client.adapters.system_clock import SystemClock
    from pos_client.bootstrap.system_libraries import explain_no_display

    look = None if explain_no_display() else _screens
    return _tell(list(Checkup(said.site, said.words, said.settings, SystemClock(), look).findings()), arguments, said)


def _printer(arguments: Arguments, said: Spoken) -> int:
    """A test page on the printer that is set."""
    from pos_client.adapters.system_clock import SystemClock
    from pos_client.bootstrap.printer_check import printed_test

    at = SystemClock().now().wall.isoformat(timespec="seconds")
    return _tell([printed_test(said.site, said.settings or Settings(), said.words, at)], arguments, said)


def _tell(findings: list[Finding], arguments: Arguments, said: Spoken) -> int:
    if arguments.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for each in findings:
            level = said.words.say(f"doctor.level.{each.level.value}")
            print(f"{level:8} {each.what:12} {each.says}" + (f" → {each.do}" if each.do else ""))
    return 1 if any(finding.level is Level.FAULT for finding in findings) else 0


def _screens() -> list[Screen]:
    """What is plugged in; asked last, because Qt is slow to load."""
    from PySide6.QtGui import QGuiApplication

    from pos_client.ui.shell.two_screens import screens_there

    app = QGuiApplication.instance() or QGuiApplication([])
    there = [described for described, _ in screens_there().values()]
    del app
    return there


# ── one port ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _one_port(arguments: Arguments, said: Spoken) -> int:
    from pos_client.adapters.dispensers.discovery import PortDoctor
    from pos_client.adapters.dispensers.port import PortFailed
    from pos_client.adapters.dispensers.port_identity import describe_ports
    from pos_client.adapters.dispensers.probe_line import Examination
    from pos_client.bootstrap.port_list import device_named

    ports = describe_ports()
    try:
        device = device_named(arguments.port, ports)
    except PortFailed as error:
        print(said.words.say(f"tech.line_detail.{error.code}", what=error.what), file=sys.stderr)
        return 1
    order = Examination(device, arguments.listen_only, arguments.seconds * 1000)
    last = PortDoctor().examine(order, _Teller(said, quiet=arguments.json), threading.Event())
    identity = next((port.identity for port in ports if port.device == device), "")
    settings = said.settings or Settings()
    if arguments.json:
        print(json.dumps(_as_json(last, said, identity, settings), ensure_ascii=False, indent=1))
    else:
        _print_findings(last, said, identity, settings)
    return 0 if last.findings else 1


def _one_line(arguments: Arguments, said: Spoken) -> int:
    """A line as it is set: which of its points answer."""
    from pos_client.adapters.dispensers.discovery import ANOTHER_MASTER, NOISE, SPEED_UNSEEN, PortDoctor
    from pos_client.adapters.dispensers.port import PortFailed
    from pos_client.adapters.dispensers.port_identity import find_port
    from pos_client.adapters.dispensers.probe_line import Examination

    lines = {line.name: line for line in said.settings.lines} if said.settings is not None else {}
    line = lines.get(arguments.line)
    if line is None:
        print(f"pos-client doctor: no line {arguments.line!r}; there are: {', '.join(lines) or '-'}", file=sys.stderr)
        return 2
    try:
        order = Examination(find_port(line), limit_ms=arguments.seconds * 1000, line=line)
    except PortFailed as error:
        print(said.words.say(f"tech.line_detail.{error.code}", what=error.what), file=sys.stderr)
        return 1
    last = PortDoctor().examine(order, _Teller(said, quiet=arguments.json), threading.Event())
    asked = last.step is ProbeStep.DONE and last.detail not in (ANOTHER_MASTER, NOISE)
    answering = {address for finding in last.findings for address in finding.addresses}
    points = [
        {"point": p.point, "address": p.address, "answers": p.address in answering if asked else None}
        for p in line.points
    ]
    remark = "" if last.detail == SPEED_UNSEEN else _remark(last, said)
    if arguments.json:
        about = {"line": line.name, "port": last.port, "step": last.step.value, "detail": last.detail, "says": remark}
        print(json.dumps({**about, "points": points}, ensure_ascii=False, indent=1))
    else:
        said_of = {True: "probe.point_answers", False: "probe.point_silent"}
        told = [said.words.say(said_of[bool(p["answers"])], **p) for p in points if p["answers"] is not None]
        print("\n".join(text for text in (remark, *told) if text))
    return 0 if points and all(p["answers"] for p in points) else 1


class _Teller:
    """Says each new step on standard error, so that standard output holds the result alone."""

    def __init__(self, said: Spoken, quiet: bool) -> None:
        self._said = said
        self._quiet = quiet
        self._last = ""

    def __call__(self, progress: ProbeProgress) -> None:
        """One report of the doctor."""
        line = self._said.words.say(f"probe.step.{progress.step.value}", trying=progress.trying)
        if line != self._last and not self._quiet:
            print(f"{progress.done_percent:3} %  {line}", file=sys.stderr, flush=True)
        self._last = line


def _print_findings(last: ProbeProgress, said: Spoken, identity: str, settings: Settings) -> None:
    words = said.words
    remark = _remark(last, said)
    if remark:
        print(remark)
    if not last.findings:
        print(words.say("probe.nothing"))
        return
    for finding in last.findings:
        values = asdict(finding) | {"addresses": _addresses(finding)}
        heard_only = f" {words.say('probe.heard_only')}" if finding.listened_only else ""
        print(f"{words.say('probe.finding', **values)}, {words.say(_how_sure(finding))}{heard_only}")
    owner = next((line.name for line in settings.lines if line.port == last.port), None)
    if owner is not None:
        print(words.say("probe.already", line=owner))
    print(f"\n# {words.say('probe.paste')}\n{_snippet(last, identity, settings)}", end="")


def _as_json(last: ProbeProgress, said: Spoken, identity: str, settings: Settings) -> dict[str, object]:
    return {
        "port": last.port,
        "identity": identity,
        "step": last.step.value,
        "detail": last.detail,
        "says": _remark(last, said),
        "findings": [asdict(finding) for finding in last.findings],
        "settings": _snippet(last, identity, settings) if last.findings else "",
    }


def _remark(last: ProbeProgress, said: Spoken) -> str:
    key = f"probe.detail.{last.detail}"
    detail = said.words.say(key) if said.words.knows(key) else last.detail
    return f"{said.words.say('probe.step.failed')}: {detail}" if last.step is ProbeStep.FAILED else detail


def _snippet(last: ProbeProgress, identity: str, settings: Settings) -> str:
    """The surest finding as a line of the settings file."""
    from pos_client.adapters.settings_file.toml_text import dumps
    from pos_client.settings.proposal import proposed_line

    return dumps({"lines": [proposed_line(last.findings[0], last.port, identity, settings)]})


def _addresses(finding: PortFinding) -> str:
    return ", ".join(map(str, finding.addresses)) or "-"


def _how_sure(finding: PortFinding) -> str:
    return f"probe.how_sure_{next(least for least in _SURE_WORDS if finding.confidence >= least)}"
