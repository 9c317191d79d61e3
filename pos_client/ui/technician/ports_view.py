"""Ports and what the doctor found on them, in words. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.port_finding import KnownPort, PortFinding, PortUse, ProbeProgress, ProbeStep
from pos_client.settings.model import Settings
from pos_client.settings.proposal import proposed_line
from pos_client.settings.validation import check
from pos_client.ui.technician.draft import Draft
from pos_client.ui.technician.line_view import probe_remark
from pos_client.ui.technician.view_model import sentence
from pos_client.ui.tone import Tone
from pos_client.ui.wording import age
from pos_client.value import dataclass

_SURE = (90, 60, 30, 0)
"""`probe.how_sure_<n>`: from that confidence on."""
_TONES = {
    PortUse.FREE: Tone.DONE,
    PortUse.BUSY: Tone.NEUTRAL,
    PortUse.UNREACHABLE: Tone.DANGER,
    PortUse.MISSING: Tone.UNKNOWN,
}
RUNNING = (ProbeStep.OPENING, ProbeStep.LISTENING, ProbeStep.ASKING)


@dataclass(frozen=True, slots=True)
class PortView:
    """One port in the list. `action`: what its key does; empty: nothing can be done with it here."""

    device: str
    about: str
    state: str
    tone: Tone
    action: str = ""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One way to read what is on a port. `accept`: empty where a word of ours would disturb another master."""

    title: str
    addresses: str
    sure: str
    percent: int
    frames: str
    tone: Tone
    accept: str = ""


@dataclass(frozen=True, slots=True)
class ProbeView:
    """The examination of one port. `percent` None: it is over."""

    title: str
    step: str
    tone: Tone
    percent: int | None = None
    remark: str = ""
    findings: tuple[FindingView, ...] = ()


def port_view(words: Catalogue, port: KnownPort) -> PortView:
    """What a port is, whose it is, and what to do when it cannot be opened."""
    about = " · ".join(part for part in (port.description, port.identity) if part)
    if port.use is PortUse.BUSY and port.lines:
        state = words.say("tech.ports.served", lines=", ".join(port.lines))
        return PortView(port.device, about, sentence(state), Tone.PROGRESS)
    state = words.say(f"tech.ports.{port.use.value}")
    if port.use in (PortUse.BUSY, PortUse.UNREACHABLE):
        denied = port.use is PortUse.UNREACHABLE and any(w in port.detail.lower() for w in ("denied", "permission"))
        advice = "do_busy" if port.use is PortUse.BUSY else "do_denied" if denied else "do_away"
        state = f"{state} · {words.say(f'tech.ports.{advice}')}"
        if port.detail:
            about = " · ".join(part for part in (about, port.detail) if part)
    elif port.lines:
        state = f"{state} · {words.say('tech.ports.of', lines=', '.join(port.lines))}"
    can = port.use is not PortUse.MISSING
    action = words.say("tech.ports.add" if port.use is PortUse.FREE else "tech.ports.again") if can else ""
    return PortView(port.device, about, sentence(state), _TONES[port.use], action)


def probe_view(words: Catalogue, progress: ProbeProgress, elapsed_ms: int) -> ProbeView:
    """How far the doctor is, then what it says."""
    title = words.say("tech.ports.on", port=progress.port)
    findings = tuple(_finding(words, each) for each in progress.findings)
    if progress.step in RUNNING:
        step = words.say(f"tech.ports.step.{progress.step.value}")
        trying = f" · {progress.trying}" if progress.trying else ""
        text = f"{step}{trying} · {progress.done_percent} % · {age(words, elapsed_ms)}"
        return ProbeView(title, text, Tone.PROGRESS, progress.done_percent, findings=findings)
    remark = probe_remark(words, progress)
    if progress.step is ProbeStep.CANCELLED:
        return ProbeView(title, sentence(remark), Tone.NEUTRAL, findings=findings)
    if progress.step is ProbeStep.FAILED:
        return ProbeView(title, sentence(words.say("probe.step.failed")), Tone.DANGER, remark=remark)
    if any(each.listened_only for each in progress.findings) or progress.detail == "another_master":
        return ProbeView(title, words.say("tech.ports.another_master"), Tone.DANGER, None, remark, findings)
    if not findings:
        return ProbeView(title, sentence(words.say("probe.nothing")), Tone.UNKNOWN, remark=remark)
    count = sum(len(each.addresses) for each in progress.findings[:1])
    return ProbeView(title, words.say("tech.ports.found", count=count), Tone.DONE, None, remark, findings)


def _finding(words: Catalogue, finding: PortFinding) -> FindingView:
    name = f"option.lines.protocol.choice.{finding.protocol}"
    title = f"{words.say(name) if words.knows(name) else finding.protocol} · {finding.baud_rate} 8{finding.parity}1"
    least = next(each for each in _SURE if finding.confidence >= each)
    tone = Tone.DANGER if finding.listened_only else Tone.DONE if least >= 60 else Tone.UNKNOWN
    return FindingView(
        title,
        words.say("tech.ports.addresses", addresses=", ".join(map(str, finding.addresses)) or "–"),
        words.say("tech.ports.sure", sure=words.say(f"probe.how_sure_{least}"), percent=finding.confidence),
        finding.confidence,
        words.say("tech.ports.frames", good=finding.good, damaged=finding.damaged),
        tone,
        "" if finding.listened_only or not finding.addresses else words.say("tech.ports.accept"),
    )


def accept(draft: Draft, finding: PortFinding, port: str, identity: str) -> int:
    """Put what was found into the draft; the number of its line. A line of this port keeps its name and its points."""
    line = proposed_line(finding, port, identity, _settings(draft))
    lines = draft.get("lines")
    present = lines if isinstance(lines, list) else []
    number = next((n for n, each in enumerate(present) if _is_same(each, port, identity)), None)
    if number is None:
        number = draft.add("lines", "lines")
    for key, value in line.items():
        draft.put(f"lines[{number}].{key}", value)
    return number


def _settings(draft: Draft) -> Settings:
    """What the draft says where it can be used, else what was saved: a half-typed name does not hinder a doctor."""
    return check(draft.tree()).settings or check(draft.saved_tree()).settings or Settings()


def _is_same(line: object, port: str, identity: str) -> bool:
    if not isinstance(line, Mapping):
        return False
    return line.get("port") == port or (identity != "" and line.get("identity") == identity)
