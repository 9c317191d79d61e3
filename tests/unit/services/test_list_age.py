"""The strip says how old the list of withdrawn vouchers is, when it decides something."""

from __future__ import annotations

from pos_client.bootstrap.simulate.central_offline import POLICY
from pos_client.bootstrap.simulate.world import Rig
from pos_client.ui.shell.view_model import strip_view
from pos_client.ui.tone import Tone
from tests.words import words

MOST_MS = POLICY.revocations_age_s * 1000


def said(rig: Rig) -> list[tuple[str, Tone]]:
    snapshot = rig.look()
    lights = strip_view(words("en"), snapshot, snapshot.ticks_ms).lights
    return [(light.text, light.tone) for light in lights if light.text.startswith("Voucher list")]


def test_its_age_is_said_while_head_office_is_away_and_it_grows_old():
    rig = Rig()
    rig.advance(30_000)
    assert "revocations" in rig.desk.state.bundles
    assert said(rig) == []
    rig.central.down = True
    rig.advance(MOST_MS * 4 // 10, step_ms=MOST_MS // 50)
    assert said(rig) == []
    rig.advance(MOST_MS * 3 // 10, step_ms=MOST_MS // 50)
    assert [tone for _, tone in said(rig)] == [Tone.ATTENTION]
    rig.advance(MOST_MS // 2, step_ms=MOST_MS // 50)
    ((text, tone),) = said(rig)
    assert tone is Tone.DANGER
    assert "no offline vouchers" in text
    rig.central.down = False
    rig.advance(60_000)
    assert said(rig) == []
