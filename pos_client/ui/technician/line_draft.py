"""A line while it is being typed: what choosing another protocol does to it, its options as fields. No Qt.

A line's own options are one text in the file (`settings.line_options`). Here they are edited word by word, so that a
word that is wrong stays where it was typed until somebody corrects it.
"""

from __future__ import annotations

from pos_client.settings.line_options import parse_options
from pos_client.settings.options import LINE_DEFAULTS, LINE_OPTIONS, PROTOCOL_OPTIONS, SWITCH, Value
from pos_client.ui.technician.draft import Draft


class LineDraft:
    """The lines of a draft. Remembers what each protocol's options were before another one was chosen."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._aside: dict[tuple[str, str], object] = {}

    def protocol(self, place: str) -> str:
        """The protocol of the line at a place; empty while none is chosen."""
        return str(self._draft.get(f"{place}.protocol") or "")

    def choose(self, place: str, protocol: str) -> None:
        """Another protocol: what was left at the old one's defaults takes the new one's, its options come back."""
        before = self.protocol(place)
        if before == protocol:
            return
        self._aside[place, before] = self._draft.get(f"{place}.options") or ""
        for key, value in LINE_DEFAULTS.get(protocol, {}).items():
            if self._draft.get(f"{place}.{key}") in (None, default(before, key)):
                self._draft.put(f"{place}.{key}", value)
        self._draft.put(f"{place}.protocol", protocol)
        self._draft.put(f"{place}.options", self._aside.get((place, protocol), ""))

    def value(self, place: str, key: str) -> object:
        """What one of its protocol's options is set to, as it was typed."""
        protocol, text = self.protocol(place), str(self._draft.get(f"{place}.options") or "")
        parsed = parse_options(protocol, text)
        wrong = next((each.word for each in parsed.wrong if each.word.startswith(f"{key}=")), None)
        return parsed.values.get(key) if wrong is None else wrong.partition("=")[2]

    def put(self, place: str, key: str, value: object) -> None:
        """Set one of its protocol's options; one at its default is not written."""
        text = str(self._draft.get(f"{place}.options") or "")
        words = [word for word in text.split() if word.partition("=")[0] != key]
        declared = next((o for o in PROTOCOL_OPTIONS.get(self.protocol(place), ()) if o.key == key), None)
        if declared is None or value != declared.default:
            said = SWITCH[not value] if isinstance(value, bool) else "_".join(str(value).split())
            words.append(f"{key}={said}")
        self._draft.put(f"{place}.options", " ".join(words))


def default(protocol: str, key: str) -> Value | None:
    """What a line of a protocol has where nobody says otherwise."""
    declared = next(option.default for option in LINE_OPTIONS if option.key == key)
    assert not isinstance(declared, tuple)
    return LINE_DEFAULTS.get(protocol, {}).get(key, declared)
