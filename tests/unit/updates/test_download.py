"""Fetching a package: cut, resumed, lied to."""

from __future__ import annotations

import random
import shutil
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_client.adapters.updates import download
from pos_client.adapters.updates.download import DownloadStopped, Source
from pos_client.domain.release import Package
from pos_client.ports.errors import Refused, Unavailable
from tests.releases import Web, web

CONTENT = random.Random(8).randbytes(3_000_000)
PACKAGE = Package("p.tar.gz", len(CONTENT), "0" * 64)


@pytest.fixture
def server() -> Iterator[Web]:
    with web() as state:
        state.files["p.tar.gz"] = CONTENT
        yield state


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "downloads" / "p"


def source(server: Web) -> Source:
    return Source(server.url + "manifest")


def test_it_is_fetched_whole(server, target):
    source(server).package(PACKAGE, target)
    assert target.read_bytes() == CONTENT


def test_what_was_fetched_before_a_cut_is_not_fetched_again(server, target):
    server.cut_after = 700_000
    cuts = 0
    while not target.exists() or target.stat().st_size < len(CONTENT):
        try:
            source(server).package(PACKAGE, target)
        except Unavailable:
            cuts += 1
        assert cuts < 12
    assert target.read_bytes() == CONTENT
    assert cuts >= 4
    assert server.served < len(CONTENT) * 1.5  # less than a piece of each try is fetched twice


def test_a_server_that_knows_no_ranges_sends_it_again(server, target):
    target.parent.mkdir()
    target.write_bytes(CONTENT[:1_000_000])
    server.knows_ranges = False
    source(server).package(PACKAGE, target)
    assert target.read_bytes() == CONTENT


def test_nothing_is_asked_for_when_all_is_there(server, target):
    target.parent.mkdir()
    target.write_bytes(CONTENT)
    source(server).package(PACKAGE, target)
    assert server.served == 0


def test_more_than_was_announced_is_refused(server, target):
    server.files["p.tar.gz"] = CONTENT + b"more"
    with pytest.raises(Refused, match="package_damaged"):
        source(server).package(PACKAGE, target)
    assert target.stat().st_size == 0


def test_a_longer_file_of_another_release_is_begun_anew(server, target):
    target.parent.mkdir()
    target.write_bytes(CONTENT + b"of another")
    source(server).package(PACKAGE, target)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("status", [301, 302, 307, 403, 404, 500, 503])
def test_a_server_that_refuses_is_a_server_that_is_away(server, target, status):
    server.status = status
    for ask in (lambda: source(server).package(PACKAGE, target), source(server).manifest):
        with pytest.raises(Unavailable) as trouble:
            ask()
        assert trouble.value.code == "updates_unreachable"


def test_nobody_there(tmp_path):
    with pytest.raises(Unavailable) as trouble:
        Source("http://127.0.0.1:9/manifest").manifest()
    assert trouble.value.code == "updates_unreachable"


def test_a_manifest_without_end_is_not_read_to_the_end(server):
    server.files["manifest"] = CONTENT
    with pytest.raises(Unavailable, match="without end"):
        source(server).manifest()


def test_the_books_disk_keeps_its_room(server, target, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 10**12, 400_000_000))
    with pytest.raises(Unavailable) as trouble:
        source(server).package(PACKAGE, target)
    assert trouble.value.code == "update_no_room"
    assert server.served == 0


def test_a_server_that_gives_a_byte_now_and_then_is_no_server_and_keeps_nobody_from_ending(server, target, monkeypatch):
    server.trickle = 0.02
    server.files["manifest"] = CONTENT[:10_000]
    monkeypatch.setattr(download, "MANIFEST_S", 0.2)
    with pytest.raises(Unavailable, match="without end"):
        source(server).manifest()
    told = iter([False, False, True])
    with pytest.raises(DownloadStopped):
        source(server).package(PACKAGE, target, lambda: next(told))
    assert 0 < target.stat().st_size < 1_000, "it heard long before a piece was full"


def test_a_server_that_says_nothing_at_all_is_left(server, monkeypatch):
    server.trickle = 20.0
    server.files["manifest"] = b"ab"
    monkeypatch.setattr(download, "TIMEOUT_S", (0.5, 0.2))
    with pytest.raises(Unavailable) as trouble:
        source(server).manifest()
    assert trouble.value.code == "updates_unreachable"


def test_a_disk_that_others_fill_meanwhile_is_left_to_the_books(server, target, monkeypatch):
    usage = namedtuple("usage", "total used free")
    left = iter([10**12, 10**12, 10**12, 400_000_000])
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 0, next(left)))
    with pytest.raises(Unavailable) as trouble:
        source(server).package(PACKAGE, target)
    assert trouble.value.code == "update_no_room"
    assert not target.exists()


def test_it_can_be_stopped_and_goes_on_later(server, target):
    told = iter([False, False, True])
    with pytest.raises(DownloadStopped):
        source(server).package(PACKAGE, target, lambda: next(told))
    assert 0 < target.stat().st_size < len(CONTENT)
    served = server.served
    source(server).package(PACKAGE, target)
    assert target.read_bytes() == CONTENT
    assert server.served - served < len(CONTENT)
