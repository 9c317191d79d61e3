"""The shelf: nothing half done bears a version's name, and nothing leaves the folder it is unpacked into."""

from __future__ import annotations

import errno
import io
import os
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from pos_client.adapters.updates.shelf import FILES_LIST, PROGRAM, Running, digest_of
from pos_client.domain.release import Package, Version
from pos_client.ports.errors import Refused, Unavailable
from tests.releases import packed, program_folder, shelf

V = Version(1, 5, 0)
MORE = {"_internal/libthing.so": b"\x7fELF" * 100, "_internal/resources/translations/vi/tệp.toml": "đồng".encode()}


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Package]:
    folder = program_folder(tmp_path / "built", more=MORE)
    (folder / "_internal" / "libthing.so.1").symlink_to("libthing.so")
    archive = tmp_path / "1.5.0.tar.gz"
    return archive, packed(folder, archive)


def test_a_package_comes_out_as_it_went_in(tmp_path, made):
    one = shelf(tmp_path / "updates")
    one.put(V, *made)
    program = one.program(V)
    assert program is not None
    assert os.access(program, os.X_OK)
    assert one.is_whole(V)
    assert (program.parent / "_internal" / "libthing.so.1").read_bytes() == MORE["_internal/libthing.so"]


def test_equal_folders_make_equal_packages(tmp_path, made):
    again = program_folder(tmp_path / "again", more=dict(reversed(MORE.items())))
    (again / "_internal" / "libthing.so.1").symlink_to("libthing.so")
    os.utime(again / PROGRAM, (1, 1))
    assert packed(again, tmp_path / "other.tar.gz").sha256 == made[1].sha256


def change_a_file(folder: Path) -> None:
    file = folder / "_internal" / "libthing.so"
    file.write_bytes(b"X" + file.read_bytes()[1:])


def drop_a_file(folder: Path) -> None:
    (folder / "_internal" / "libthing.so").unlink()


def add_a_file(folder: Path) -> None:
    (folder / "_internal" / "sitecustomize.py").write_text("import evil")


def turn_a_link(folder: Path) -> None:
    link = folder / "_internal" / "libthing.so.1"
    link.unlink()
    link.symlink_to("/etc/hostname")


def drop_the_list(folder: Path) -> None:
    (folder / FILES_LIST).unlink()


def garble_the_list(folder: Path) -> None:
    (folder / FILES_LIST).write_bytes(b"\xff\xfe nothing")


@pytest.mark.log_expected("support is to find which file it was")
@pytest.mark.parametrize(
    "change", [change_a_file, drop_a_file, add_a_file, turn_a_link, drop_the_list, garble_the_list]
)
def test_a_version_that_was_changed_on_the_shelf_is_not_whole(tmp_path, made, change: Callable[[Path], None]):
    one = shelf(tmp_path / "updates")
    one.put(V, *made)
    change(one.folder / str(V))
    assert not one.is_whole(V)


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"size": 5}])
def test_an_archive_that_is_not_what_was_announced_is_refused_and_deleted(tmp_path, made, change):
    archive, package = made
    one = shelf(tmp_path / "updates")
    with pytest.raises(Refused, match="package_damaged"):
        one.put(V, archive, replace(package, **change))
    assert one.program(V) is None
    assert not archive.exists()


def hostile(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return raw.getvalue()


def link_out() -> tarfile.TarInfo:
    member = tarfile.TarInfo("out")
    member.type, member.linkname = tarfile.SYMTYPE, "../../../"
    return member


def link_hard() -> tarfile.TarInfo:
    member = tarfile.TarInfo("out")
    member.type, member.linkname = tarfile.LNKTYPE, "../../../etc/hostname"
    return member


def special(kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo("device")
    member.type, member.devmajor, member.devminor = kind, 1, 3
    return member


def broken_inside() -> bytes:
    """Its head and names are right, what is in its file does not unpack."""
    raw = bytearray(hostile((tarfile.TarInfo("a"), os.urandom(200_000))))
    raw[100_000:100_100] = bytes(100)
    return bytes(raw)


@pytest.mark.parametrize(
    "raw",
    [
        hostile((tarfile.TarInfo("../../escaped"), b"x")),
        hostile((tarfile.TarInfo("/tmp/pos-client-escaped"), b"x")),
        hostile((link_out(), b""), (tarfile.TarInfo("out/escaped"), b"x")),
        hostile((link_hard(), b"")),
        hostile((special(tarfile.CHRTYPE), b"")),
        hostile((special(tarfile.FIFOTYPE), b"")),
        broken_inside(),
        b"\x1f\x8b no archive",
        b"",
    ],
    ids=["dots", "absolute", "link", "hard link", "device", "pipe", "cut inside", "rubbish", "nothing"],
)
def test_a_signed_archive_that_is_hostile_or_broken_writes_nothing_outside(tmp_path, raw):
    """The key's owner may have been careless; still nothing outside the folder is touched."""
    archive = tmp_path / "a.tar.gz"
    archive.write_bytes(raw)
    one = shelf(tmp_path / "updates" / "deep")
    with pytest.raises(Refused, match="package_damaged"):
        one.put(V, archive, Package("a.tar.gz", len(raw), digest_of(archive)))
    assert not list(tmp_path.rglob("escaped"))
    assert not Path("/tmp/pos-client-escaped").exists()
    assert one.program(V) is None


# ── what runs ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_runs_is_kept(tmp_path):
    one = shelf(tmp_path / "updates")
    assert one.running() == Running()
    told = Running(V, Version(1, 4, 0), True, 1, Version(1, 6, 0), 12, frozenset({Version(1, 4, 9)}), Version(1, 4, 9))
    one.write(told)
    assert one.running() == told
    assert one.change(trial=False).trial is False


@pytest.mark.log_expected("support is to find why an update is gone")
@pytest.mark.parametrize("text", ["", "{}", "[1]", "null", '{"version": "../../x"}', "\x00", '{"version": 5}'])
def test_a_damaged_note_of_what_runs_means_the_installed_program(tmp_path, text):
    one = shelf(tmp_path)
    (tmp_path / "running.json").write_text(text)
    assert one.running() == Running()


def test_what_nobody_will_start_is_deleted(tmp_path, made):
    one = shelf(tmp_path / "updates")
    for number in range(5):
        program_folder(one.folder / f"1.{number}.0")
    (one.folder / "1.9.0.unfinished").mkdir()
    one.write(Running(Version(1, 3, 0), Version(1, 2, 0), ready=Version(1, 4, 0)))
    one.tidy()
    assert {each.name for each in one.folder.iterdir() if each.is_dir()} == {"1.2.0", "1.3.0", "1.4.0"}


# ── power cuts and full disks ───────────────────────────────────────────────────────────────────────────────────────


class PowerCut(BaseException):
    """The machine is off: no code of ours runs on."""


TOUCHES = (
    (os, "replace"),
    (os, "fsync"),
    (shutil, "rmtree"),
    (tarfile.TarFile, "_extract_one"),
    (tarfile.TarFile, "makefile"),
    (Path, "mkdir"),
    (Path, "open"),
)


def cut_at(number: int, raised: Callable[[], BaseException]) -> tuple[mock._patch, ...]:
    """The `number`-th touch of the disk from now on, of any kind, does not happen."""
    count = iter(range(10**6))

    def fused(real: Callable[..., object]) -> Callable[..., object]:
        def touch(*args: object, **named: object) -> object:
            if next(count) == number:
                raise raised()
            return real(*args, **named)

        return touch

    return tuple(mock.patch.object(where, what, fused(getattr(where, what))) for where, what in TOUCHES)


def test_a_note_that_cannot_be_read_now_is_not_written_over(tmp_path):
    one = shelf(tmp_path)
    one.write(Running(V, number=7))
    with mock.patch.object(Path, "read_text", side_effect=OSError(errno.EIO, "I/O error")), pytest.raises(Unavailable):
        one.change(trial=False)
    assert one.running() == Running(V, number=7)


@pytest.mark.parametrize("raised", [PowerCut, lambda: OSError(errno.ENOSPC, "No space left on device")])
def test_cut_at_any_touch_of_the_disk_the_shelf_is_as_before_or_as_after(tmp_path, made, raised):
    """And the next try succeeds whatever the last one left behind."""
    archive, package = made
    content = archive.read_bytes()
    done = False
    number = 0
    while not done:
        one = shelf(tmp_path / f"updates-{number}")
        archive.write_bytes(content)
        patches = cut_at(number, raised)
        for each in patches:
            each.start()
        try:
            one.put(V, archive, package)
            one.change(ready=V)
            done = True
        except (PowerCut, Unavailable):
            pass
        finally:
            for each in patches:
                each.stop()
        assert one.program(V) is None or one.is_whole(V)
        assert one.running() in (Running(), Running(ready=V))
        assert one.running().ready is None or one.program(V) is not None
        if not archive.exists():
            archive.write_bytes(content)
        one.put(V, archive, package)
        one.change(ready=V)
        assert one.is_whole(V)
        number += 1
    assert number > 15
