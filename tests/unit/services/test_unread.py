"""Errors that come one after the other: each is read once, none is lost behind another or behind what is no error."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pos_client.bootstrap.simulate.world import Rig
from pos_client.services import messages as m
from pos_client.services.snapshots import Severity

CODES = st.sampled_from(["store_failed", "disk_low", "secrets_locked", "price_differs"])


def _read_all(rig: Rig) -> list[str]:
    """What the bar says until Enter has emptied it."""
    read = []
    while (notice := rig.look().notice) is not None:
        read.append(notice.code)
        rig.tell(m.DismissMessage())
    return read


def test_two_errors_are_counted_and_enter_shows_the_next():
    rig = Rig()
    rig.desk.notify("store_failed", Severity.ERROR)
    rig.desk.notify("disk_low", Severity.ERROR, free_mb=90)
    rig.desk.notify("nobody_calls", Severity.INFO)
    assert rig.look().unread == 2
    assert _read_all(rig) == ["nobody_calls", "store_failed", "disk_low"]
    assert rig.look().unread == 0


def test_the_answer_to_a_key_hides_an_error_only_until_the_next_key():
    rig = Rig()
    rig.fuel()
    rig.desk.notify("disk_low", Severity.ERROR, free_mb=90)
    rig.tell(m.AuthorisePoint())
    hidden = rig.look()
    assert hidden.notice is not None
    assert (hidden.notice.code, hidden.unread) == ("nobody_calls", 1)
    rig.select(1)
    back = rig.look()
    assert back.notice is not None
    assert (back.notice.code, back.unread) == ("disk_low", 0)


@given(said=st.lists(st.tuples(CODES, st.sampled_from([Severity.ERROR, Severity.INFO])), max_size=12))
def test_every_error_is_read_once_whatever_comes_between(said: list[tuple[str, Severity]]):
    """Against a plain model: the codes whose last notice was an error, and the newest notice of all."""
    rig = Rig()
    rig.tell(m.DismissMessage())
    for code, severity in said:
        rig.desk.notify(code, severity)
    last = {code: severity for code, severity in said}
    errors = {code for code, severity in last.items() if severity is Severity.ERROR}
    read = _read_all(rig)
    assert len(read) == len(set(read))
    assert set(read) == errors | ({said[-1][0]} if said else set())
