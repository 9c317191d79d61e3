"""F03, F05, F25: what the computer says blocks points, never a sale (I16)."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import Rig
from pos_client.ports import reports as r
from pos_client.services import messages as m
from pos_client.services.health import BLOCK_BELOW_MB, WARN_BELOW_MB
from pos_client.services.snapshots import Severity


def spending(rig: Rig) -> str | None:
    """Why points cannot be used now, or None."""
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.tell(m.StartRedemption(50_000))
    return rig.notices[-1] if rig.picture.points_panel is None or not rig.states() else None


def test_a_disk_that_gets_low_is_said_once_and_blocks_nothing():
    rig = Rig()
    rig.tell(r.DiskReported(WARN_BELOW_MB - 1), r.DiskReported(WARN_BELOW_MB - 2))
    rig.tell(m.DismissMessage())
    rig.tell(r.DiskReported(WARN_BELOW_MB - 3))
    assert rig.picture.notice is None
    rig.tell(r.DiskReported(WARN_BELOW_MB + 50), r.DiskReported(WARN_BELOW_MB - 1))
    assert rig.look().notice is not None
    assert spending(rig) is None


def test_a_nearly_full_disk_blocks_points_until_there_is_room_and_never_a_sale():
    rig = Rig()
    rig.tell(r.DiskReported(BLOCK_BELOW_MB - 1))
    assert spending(rig) == "disk_low"
    rig.pay()
    assert rig.picture.sale is None
    rig.tell(r.DiskReported(BLOCK_BELOW_MB))
    assert spending(rig) is None


@pytest.mark.parametrize("trouble", ["secrets_locked", "store_tampered", "chain_key_lost"])
def test_a_key_store_that_cannot_be_trusted_blocks_points_until_the_next_start(trouble: str):
    rig = Rig()
    rig.desk.state.blockers["secrets_not_tried"] = None
    rig.tell(r.KeyStoreReported(trouble))
    assert spending(rig) == trouble
    rig.pay()
    rig.restart()
    rig.tell(r.KeyStoreReported(None))
    assert spending(rig) is None


def test_rebuilt_books_are_trusted_again_when_central_has_confirmed_what_waited():
    rig = Rig()
    rig.central.down = True
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.pay()
    rig.tell(r.BooksReported(12, "journal.db.damaged-1"))
    assert rig.picture.notice is not None
    assert (rig.picture.notice.code, rig.picture.notice.severity) == ("store_rebuilt", Severity.ERROR)
    rig.central.down = False
    assert rig.desk.state.blockers
    rig.advance(120_000)
    assert rig.picture.status.queue.waiting == 0
    assert not rig.desk.state.blockers


def test_a_mirror_that_fails_is_said_and_blocks_nothing():
    rig = Rig()
    rig.tell(r.BooksReported(mirror_trouble="mirror_failed: no such disk"))
    assert rig.notices[-1] == "mirror_failed"
    assert spending(rig) is None
