"""Fetches central's bundles while it answers, one at a time and behind everything else, and keeps the last good ones.

A bundle is written into the books before it is believed, with central's signature in it; a restart reads it back and
checks it again. One that is older than what we have (a replay) is not taken.
"""

from __future__ import annotations

import logging
from dataclasses import field
from typing import TypeVar

from pos_client.domain import facts as f
from pos_client.domain.bundle import BUNDLES, Bundle, Content
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.outbox import about_ms
from pos_client.ports import central as c
from pos_client.ports.errors import Refused
from pos_client.services.desk import Desk
from pos_client.services.standing import asked_to_wait_ms
from pos_client.value import dataclass

log = logging.getLogger(__name__)

ROUND_MS = 300_000
"""Every bundle is asked for about so often; mostly the answer is that nothing changed."""
AGAIN_MS = 30_000
"""After a failure."""
LOST_AFTER_MS = 60_000

Kind = TypeVar("Kind", bound=Content)


@dataclass(slots=True)
class BundleKeeper:
    """The bundles of this terminal."""

    desk: Desk
    _due_ms: dict[str, int] = field(default_factory=dict)
    _not_before: dict[str, int] = field(default_factory=dict)
    """bundles central asked not to be asked for before then"""
    _asked: tuple[IdempotencyKey, str, int] | None = None
    """the request under way, the bundle's name, and when it was sent"""

    def start(self) -> None:
        """What earlier runs were told; a text that central did not sign is as good as none."""
        for name in BUNDLES:
            entry = self.desk.store.last_of(_subject(name))
            if entry is None or not isinstance(entry.fact, f.BundleAdopted):
                continue
            try:
                self.desk.state.bundles[name] = self.desk.wire.read_bundle(entry.fact.text)
            except Refused as error:
                log.warning("bundle %s in the books: %s", name, error)

    def content(self, kind: type[Kind]) -> Kind:
        """What was told last; before anything was, what holds by itself (the default policy, no keys, no list)."""
        for bundle in self.desk.state.bundles.values():
            if isinstance(bundle.content, kind):
                return bundle.content
        return kind()

    def bundle(self, name: str) -> Bundle | None:
        """The last good one."""
        return self.desk.state.bundles.get(name)

    def hurry(self, name: str) -> None:
        """Ask for this one next: something has happened that is likely to have changed it."""
        self._due_ms[name] = self._not_before.get(name, 0)

    def on_tick(self) -> None:
        """Ask for the next one that is due."""
        now = self.desk.now.ticks_ms
        if self.desk.state.central.link is not LinkState.UP:
            return
        if self._asked is not None and now - self._asked[2] < LOST_AFTER_MS:
            return
        name = next((name for name in BUNDLES if now >= self._due_ms.get(name, 0)), None)
        if name is None:
            return
        known = self.desk.state.bundles.get(name)
        asked = c.FetchBundle(self.desk.dice.new_id(), name, None if known is None else known.number)
        call = self.desk.wire.encode(asked)
        self._asked = (call.key, name, now)
        self.desk.central.forward(call)

    def on_answer(self, answer: c.CentralAnswered) -> bool:
        """What came of asking; False when the answer is somebody else's."""
        if self._asked is None or answer.key != self._asked[0]:
            return False
        name, self._asked = self._asked[1], None
        good = isinstance(answer.result, c.BundleTold | c.BundleUnchanged)
        pause = ROUND_MS if good else AGAIN_MS
        self._not_before[name] = self.desk.now.ticks_ms + asked_to_wait_ms(answer.result)
        due_ms = self.desk.now.ticks_ms + about_ms(pause, self.desk.dice.spread())
        self._due_ms[name] = max(due_ms, self._not_before[name])
        if isinstance(answer.result, c.BundleTold):
            self._adopt(answer.result.bundle)
        return True

    def _adopt(self, bundle: Bundle) -> None:
        known = self.desk.state.bundles.get(bundle.name)
        if bundle.name not in BUNDLES or (known is not None and bundle.issued_at <= known.issued_at):
            return
        subject = _subject(bundle.name)
        adopted = f.BundleAdopted(subject, bundle.number, bundle.issued_at.isoformat(), bundle.text)
        self.desk.record(adopted, closed=(subject,))
        self.desk.state.bundles[bundle.name] = bundle


def _subject(name: str) -> str:
    return f"bundle:{name}"
