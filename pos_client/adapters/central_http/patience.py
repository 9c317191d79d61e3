"""While the network has a request nothing of ours is worked on: a crash mark is lifted for as long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pos_client.ports.marks import CrashMarks

if TYPE_CHECKING:
    import requests


def unmark_while_waiting(session: requests.Session, marks: CrashMarks) -> None:
    """Every request of this session leaves its records unmarked between the last byte out and the first one in."""
    from requests.adapters import HTTPAdapter

    class Waiting(HTTPAdapter):
        def send(self, *arguments: Any, **options: Any) -> requests.Response:
            with marks.waiting():
                return super().send(*arguments, **options)

    for scheme in ("http://", "https://"):
        session.mount(scheme, Waiting())
