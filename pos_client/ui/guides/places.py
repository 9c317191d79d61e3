"""The numbers that fill the open places of the guides."""

from __future__ import annotations

from collections.abc import Mapping

from pos_client.services.snapshots import TerminalSnapshot


def places(snapshot: TerminalSnapshot) -> Mapping[str, str]:
    """By name, as `resources/guides` names them: the programme's, and the station's hotline."""
    told = snapshot.programme
    return {**(told.places if told is not None else {}), "hotline": snapshot.status.hotline}
