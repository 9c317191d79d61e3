"""The customer's keypad and its pairing, in words. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.keypad import KeypadKind, KeypadTrouble
from pos_client.domain.keypad_pairing import Candidate, PairingProgress, PairingStep
from pos_client.services.snapshots import StatusSnapshot
from pos_client.ui.technician.view_model import sentence
from pos_client.ui.tone import Tone
from pos_client.ui.wording import age
from pos_client.value import dataclass

_TONES = {
    PairingStep.LISTENING: Tone.PROGRESS,
    PairingStep.PAIRED: Tone.DONE,
    PairingStep.TWO: Tone.ATTENTION,
    PairingStep.TIMED_OUT: Tone.ATTENTION,
    PairingStep.NONE: Tone.UNKNOWN,
    PairingStep.CANCELLED: Tone.NEUTRAL,
    PairingStep.UNSUPPORTED: Tone.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class KeypadView:
    """The keypad of the settings: what it is, how it is."""

    kind: str
    which: str
    state: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class PairingView:
    """What to do now, and what is listened to."""

    title: str
    advice: str
    tone: Tone
    runs: bool
    listened: str = ""
    help: str = ""


def keypad_view(words: Catalogue, settings: Mapping[str, object], status: StatusSnapshot | None) -> KeypadView:
    """`settings`: the table of the file; what runs may be older."""
    which = " · ".join(str(settings.get(key)) for key in ("identity", "port") if settings.get(key))
    kind = words.say(f"option.keypad.kind.choice.{settings.get('kind', KeypadKind.SCREEN.value)}")
    if status is None:
        return KeypadView(kind, which, "", Tone.NEUTRAL)
    if status.keypad:
        return KeypadView(kind, which, words.say("tech.devices.usable"), Tone.DONE)
    trouble = status.keypad_trouble or KeypadTrouble.FAILED
    said = " · ".join(words.say(f"notice.keypad_{trouble.value}.{part}") for part in ("what", "key"))
    return KeypadView(kind, which, said, Tone.ATTENTION)


def pairing_view(words: Catalogue, progress: PairingProgress | None) -> PairingView:
    """Before, while and after; None: nobody has asked."""
    if progress is None:
        return PairingView(words.say("tech.devices.how"), words.say("tech.devices.how_far"), Tone.NEUTRAL, runs=False)
    step = progress.step
    places: dict[str, object] = {"left": age(words, progress.left_ms)}
    if progress.paired is not None:
        places |= {"name": progress.paired.name, "identity": _identity(progress.paired)}
    runs = step is PairingStep.LISTENING
    listened = [each for each in progress.candidates if each.trouble is None]
    heard = words.say("tech.devices.listened", names=" · ".join(map(_shown, listened))) if listened and runs else ""
    return PairingView(
        words.say(f"tech.pairing.{step.value}", **places),
        words.say(f"tech.pairing.{step.value}_do", **places),
        _TONES[step],
        runs,
        heard,
        "\n".join(_help(words, each) for each in progress.candidates if each.trouble is not None),
    )


def _shown(candidate: Candidate) -> str:
    return f"{candidate.name} ({_identity(candidate)})"


def _identity(candidate: Candidate) -> str:
    return " · ".join(part for part in (candidate.identity, candidate.port) if part)


def _help(words: Catalogue, candidate: Candidate) -> str:
    """Why one is not listened to; where the system forbids it, the rule that allows it."""
    assert candidate.trouble is not None
    said = f"{_shown(candidate)}: {sentence(words.say(f'notice.keypad_{candidate.trouble.value}.what'))}."
    if candidate.trouble is KeypadTrouble.DENIED:
        return f"{said} {words.say('tech.devices.rule')}\n{candidate.help}"
    return said


def paired_table(candidate: Candidate) -> dict[str, object]:
    """The settings of a keypad that was paired."""
    return {
        "kind": candidate.kind.value,
        "identity": candidate.identity,
        "port": candidate.port,
        "shuffled": False,
    }
