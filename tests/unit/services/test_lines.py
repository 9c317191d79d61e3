"""A serial line as the technician sees it, and what he may do to it."""

from __future__ import annotations

from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain.fuelling_point import LinkState
from pos_client.ports import reports as r
from pos_client.services import messages as m
from pos_client.services.snapshots import LineSnapshot


def line_of(rig: Rig) -> LineSnapshot:
    (line,) = rig.picture.status.lines
    return line


def test_a_line_says_where_it_is_and_how_it_fares():
    rig = Rig()
    rig.tell(r.LineLinkChanged("line", LinkState.UP, "", "/dev/ttyUSB3"), r.LineMeasured("line", 450, 30, 2, 1))
    assert line_of(rig) == LineSnapshot("line", LinkState.UP, "", "/dev/ttyUSB3", 450, 30, 2, 1)
    rig.tell(r.LineLinkChanged("line", LinkState.DOWN, "port_gone"), r.LineMeasured("line", 450, 30, 2, 1))
    assert line_of(rig) == LineSnapshot("line", LinkState.DOWN, "port_gone")
    rig.tell(r.LineMeasured("nobody's", 1, 1, 1, 1))
    assert len(rig.picture.status.lines) == 1


def test_a_line_is_restarted_by_its_name():
    rig = Rig()
    rig.tell(m.RestartLine("line"))
    assert rig.restarted_lines == ["line"]
