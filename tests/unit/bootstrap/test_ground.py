"""The folder a till stands on: each thing that can be wrong with one, told apart, and nothing made or changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos_client.bootstrap.finding import Finding, Level
from pos_client.bootstrap.ground import stand_on, trouble_of
from pos_client.bootstrap.paths import Site
from pos_client.ports.errors import Unavailable
from tests.words import words

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders of Windows are denied in other ways")
ROOT = Path(__file__).parents[3]
ANOTHER = 54_321
"""A user nobody is."""
AS_ANOTHER = """
import os, pwd, sys
from pathlib import Path
from pos_client.bootstrap.ground import stand_on
from pos_client.bootstrap.paths import Site
from pos_client.ports.errors import Unavailable
os.setgroups([])
os.setgid({user})
os.setuid({user})
for folder in sys.argv[1:]:
    try:
        stand_on(Site(Path(folder)))
    except Unavailable as trouble:
        print(trouble)
    else:
        print("well")
"""


def refused(folder: Path) -> Unavailable:
    with pytest.raises(Unavailable) as trouble:
        stand_on(Site(folder))
    return trouble.value


def a_file(place: Path) -> Path:
    place.write_text("x")
    return place


def below_a_file(place: Path) -> Path:
    place.write_text("x")
    return place / "till"


def a_circle(place: Path) -> Path:
    place.symlink_to(place.with_name("other"))
    place.with_name("other").symlink_to(place)
    return place


def to_nowhere(place: Path) -> Path:
    place.symlink_to(place.with_name("away") / "till")
    return place


def too_long(place: Path) -> Path:
    return place / ("ổ" * 200)


def far_too_long(place: Path) -> Path:
    return place.joinpath(*["một thư mục dài"] * 300)


@pytest.mark.parametrize(
    ("lay", "said"),
    [
        (a_file, "Not a directory"),
        (below_a_file, "Not a directory"),
        (a_circle, "Too many levels of symbolic links"),
        (to_nowhere, "No such file or directory"),
        (too_long, "File name too long"),
        (far_too_long, "File name too long"),
    ],
)
def test_what_is_no_folder_is_named_with_the_system_s_reason(tmp_path: Path, lay: Callable[[Path], Path], said: str):
    folder = lay(tmp_path / "tệp")
    before = sorted(tmp_path.rglob("*"))
    told = refused(folder)
    assert told.code == "no_folder"
    assert said in told.detail
    assert str(folder) in told.detail
    assert [path for path in sorted(tmp_path.rglob("*")) if path not in before and path.is_file()] == []


def test_a_folder_that_is_made_is_its_owner_s_alone_and_one_that_is_there_is_left_as_it_is(tmp_path: Path):
    before = os.umask(0)
    try:
        stand_on(Site(tmp_path / "Trạm số 18" / "dữ liệu"))
        (tmp_path / "there").mkdir(0o755)
        stand_on(Site(tmp_path / "there"))
    finally:
        os.umask(before)
    assert (tmp_path / "Trạm số 18" / "dữ liệu").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "there").stat().st_mode & 0o777 == 0o755


def test_a_check_up_makes_nothing(tmp_path: Path):
    assert trouble_of(Site(tmp_path / "none")) is None
    assert list(tmp_path.iterdir()) == []
    found = trouble_of(Site(a_file(tmp_path / "tệp")))
    assert found is not None
    assert found.code == "no_folder"


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A file system with a till on it that can only be read any more."""
    disk, mount = tmp_path / "disk", shutil.which("mount")
    disk.mkdir()
    command = [str(mount), "-t", "tmpfs", "tmpfs", str(disk)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount")
    try:
        stand_on(Site(disk / "till"))
        subprocess.run([mount, "-o", "remount,ro", str(disk)], check=True)
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("folder", ["till", "a new one"])
def test_a_disk_that_can_only_be_read_is_said_to_be_one_to_root_as_well(read_only: Path, folder: str):
    assert refused(read_only / folder).code == "folder_read_only"
    told = trouble_of(Site(read_only / "till"))
    assert told is not None
    assert told.code == "folder_read_only"


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() != 0, reason="only root can be somebody else")
def test_another_user_s_folder_and_a_file_another_left_in_ours_are_told_apart_from_a_failing_disk(tmp_path: Path):
    """What a technician leaves behind who once started the till as the administrator is the commonest of them."""
    reach = tmp_path
    while reach != Path("/tmp") and reach != reach.parent:
        reach.chmod(0o755)
        reach = reach.parent
    closed, open_, ours = (tmp_path / name for name in ("closed", "open", "ours"))
    for folder in (closed, open_, ours):
        folder.mkdir()
        (folder / "journal.db").touch(0o600)
    closed.chmod(0o700)
    os.chown(ours, ANOTHER, ANOTHER)
    fine = tmp_path / "fine"
    fine.mkdir()
    (fine / "somebody's copy.tar").touch(0o600)  # in nobody's way
    os.chown(fine, ANOTHER, ANOTHER)
    asked = [closed, closed / "deeper", open_, ours, fine, tmp_path / "new"]
    done = subprocess.run(
        [sys.executable, "-c", AS_ANOTHER.format(user=ANOTHER), *map(str, asked)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    told = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in told] == [
        "folder_of_another",
        "folder_of_another",
        "folder_of_another",
        "folder_of_another",
        "well",
        "no_folder",
    ], done.stderr
    assert told[3].endswith(f"{ours / 'journal.db'}: Permission denied (root)")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_is_said_in_words_with_what_it_means_for_money(language: str):
    catalogue = words(language)
    for code in ("no_folder", "folder_of_another", "folder_read_only", "no_home"):
        assert all(catalogue.knows(f"notice.{code}.{part}") for part in ("what", "means", "key"))


@pytest.mark.log_expected("what lies in no folder cannot be read")
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_check_up_says_it_first(tmp_path: Path, language: str):
    from pos_client.bootstrap.checkup import Checkup

    found = list(Checkup(Site(a_file(tmp_path / "tệp")), words(language), None, None).findings())  # type: ignore[arg-type]
    (folder,) = (each for each in found if each.what == "folder")
    assert folder == Finding(
        "folder",
        Level.FAULT,
        "no_folder",
        f"{words(language).say('notice.no_folder.what')}: {tmp_path / 'tệp'}: Not a directory",
        words(language).say("notice.no_folder.key"),
    )
