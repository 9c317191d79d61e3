"""The words: one catalogue a language, filled from `resources/translations/<language>.toml` by the composition root.

Keys are dotted (`tile.state.calling`); texts hold named places (`{amount}`). Not Qt's translation files, because
receipts, the command line and the problem texts say the same things without Qt; a test holds both languages to the
same keys and places.
"""

from __future__ import annotations

from collections.abc import Mapping


class Catalogue:
    """Texts of one language by key."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = dict(texts)

    def say(self, key: str, /, **params: object) -> str:
        """The text of a key with its places filled. An unknown key is said as itself: nothing is ever hidden."""
        text = self._texts.get(key)
        return key if text is None else text.format_map(params)

    def knows(self, key: str) -> bool:
        """Whether there is a text for the key."""
        return key in self._texts

    def keys(self) -> frozenset[str]:
        """All keys, for the completeness test."""
        return frozenset(self._texts)


def flatten(tree: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """Nested TOML tables as dotted keys."""
    flat: dict[str, str] = {}
    for name, value in tree.items():
        if isinstance(value, Mapping):
            flat.update(flatten(value, f"{prefix}{name}."))
        else:
            flat[f"{prefix}{name}"] = str(value)
    return flat
