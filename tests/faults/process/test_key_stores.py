"""The operating system's key store locked, away, hanging or lying, under the whole terminal (F25, F26; I16).

Each is said by its name, blocks points, and stops no sale. One that is locked at the start is tried again until it is
open; after that a till needs it no more until the next start.
"""

from __future__ import annotations

import base64
import os
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_client.adapters.central_http.enrolment import Enrolled
from pos_client.adapters.secrets import keyring_store
from pos_client.adapters.settings_file.toml_file import write_settings
from pos_client.bootstrap import terminal_system
from pos_client.bootstrap.arguments import parse
from pos_client.bootstrap.enrolling import DEVICE_KEY, enrol_till
from pos_client.bootstrap.paths import Site
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import LinkState
from pos_client.services import journal_stream
from pos_client.settings.model import CentralSettings, Settings
from pos_client.settings.options import OS_SECRETS
from tests.central import STATION, TERMINAL, RunningCentral, enrolled_device, running_central
from tests.fakes import key_rings
from tests.fakes.selling_till import selling_till, settings_for
from tests.fakes.till import NOBODY, running_till

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "openpty"), reason="no pseudo-terminals"),
    pytest.mark.timeout(180),
]
INDIVIDUAL = "000100004"
TROUBLES = {
    "Locked": "secrets_locked",
    "Failing": "secrets_failed",
    "Forgetful": "secrets_forgotten",
    "Lying": "secrets_forgotten",
    "Hanging": "secrets_timeout",
    "nowhere to be found": "secrets_no_store",
    "Sound": "not_enrolled",
}


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    key_rings.Sound.kept.clear()
    key_rings.Hanging.released.clear()
    yield
    key_rings.Hanging.released.set()


def use(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The store of this machine is this one."""
    found = (key_rings.__name__, name) if hasattr(key_rings, name) else ("no.such.module", name)
    monkeypatch.setitem(keyring_store.BACKENDS, sys.platform, (found,))


@pytest.mark.parametrize("name", TROUBLES)
def test_a_store_that_cannot_be_trusted_is_named_blocks_points_and_stops_no_sale(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    use(monkeypatch, name)
    with selling_till(tmp_path, NOBODY, secrets=OS_SECRETS) as till:
        till.till.until_said(TROUBLES[name])
        till.till.refuses_points(TROUBLES[name])
        till.sell()
        assert len(till.till.facts(f.SalePaid)) == 1


@pytest.mark.log_expected("a chain whose key is lost is said in the log")
def test_a_store_that_lost_the_chain_s_key_is_not_taken_for_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, central: RunningCentral
):
    use(monkeypatch, "Sound")
    keep_device_key(central, tmp_path)
    a_start(tmp_path, central)
    use(monkeypatch, "Cleared")
    with selling_till(tmp_path, settings_for(central.addresses), secrets=OS_SECRETS) as till:
        till.till.until_said("chain_key_lost")
        till.till.refuses_points("chain_key_lost")
        till.sell()


def test_a_store_that_is_locked_while_the_till_runs_is_not_missed_before_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, central: RunningCentral
):
    use(monkeypatch, "Sound")
    keep_device_key(central, tmp_path)
    with selling_till(tmp_path, settings_for(central.addresses), secrets=OS_SECRETS) as till:
        till.till.until(lambda: till.till.facts(f.SessionOpened), "head office has answered")
        use(monkeypatch, "Locked")
        till.sell()
        assert till.till.seen.status.central is LinkState.UP
        assert not till.till.said() & set(TROUBLES.values())
        till.till.refuses_points("points_need_customer")  # no other reason
    with running_till(tmp_path, central=settings_for(central.addresses), secrets=OS_SECRETS) as again:
        again.until_said("secrets_locked")
        again.refuses_points("secrets_locked")


@pytest.mark.parametrize("trouble", ["Locked", "Failing", "Hanging"])
def test_a_store_that_is_closed_at_the_start_is_tried_until_it_is_open(
    trouble: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, central: RunningCentral
):
    monkeypatch.setattr(terminal_system, "KEY_STORE_AGAIN_S", 0.1)
    monkeypatch.setattr(keyring_store.open_keyring, "__defaults__", (sys.platform, 0.2))
    keep_device_key(central, tmp_path)
    use(monkeypatch, trouble)
    with selling_till(tmp_path, settings_for(central.addresses), secrets=OS_SECRETS) as till:
        till.till.until_said(TROUBLES[trouble])
        till.till.refuses_points(TROUBLES[trouble])
        till.sell()
        assert not till.till.facts(f.SessionOpened)
        use(monkeypatch, "Sound")
        key_rings.Hanging.released.set()
        till.till.until_said("secrets_open")
        till.till.until(lambda: till.till.facts(f.SessionOpened), "it speaks for itself again")
        till.till.refuses_points("points_need_customer")  # no other reason
        till.sell()
        assert len(till.till.facts(f.SalePaid)) == 2


@pytest.mark.log_expected("a chain whose key is lost is said in the log")
@pytest.mark.parametrize("loss", ["forgotten", "cut", "not even text"])
def test_keys_that_are_lost_stop_no_sale_and_enrolling_anew_sends_all_of_it_once(
    loss: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, central: RunningCentral
):
    """Enrolled and enrolled anew as technicians do it; between the two the store has lost or damaged every key."""
    use(monkeypatch, "Sound")
    monkeypatch.setattr(journal_stream, "GATHER_MS", 100)
    settings = enrolled(central, tmp_path)
    with running_till(tmp_path, central=settings, secrets=OS_SECRETS) as first:
        first.until(lambda: first.facts(f.SessionOpened), "head office has answered")
    secret = set(key_rings.Sound.kept.values())
    lose_every_key(loss)
    code = "device_key_lost" if loss == "forgotten" else "secrets_damaged"
    with selling_till(tmp_path, settings, secrets=OS_SECRETS) as till:
        till.till.until_said(code)
        till.till.refuses_points(code)
        till.sell_to(INDIVIDUAL)
        assert till.till.seen.status.queue.waiting == 1
    earned = central.account(INDIVIDUAL)["credits"]
    settings = enrolled(central, tmp_path)
    assert settings.epoch == 2
    for starts in range(2):
        with running_till(tmp_path, central=settings, secrets=OS_SECRETS) as anew:
            anew.until(lambda: anew.facts(f.AccrualPosted), "what waited is sent")
            anew.until(lambda: anew.seen.status.queue.tail.records == 0, "all of the book is")
            assert ("chain_key_lost" in anew.said()) == (starts == 0)
            anew.refuses_points("chain_key_lost" if starts == 0 else "points_need_customer")
    (posted,) = anew.facts(f.AccrualPosted)
    assert central.account(INDIVIDUAL)["credits"] == earned + posted.points > earned
    nowhere_else(tmp_path, settings, secret | set(key_rings.Sound.kept.values()))
    sent = [row["seq"] for row in central.control("GET", f"/control/journal?terminal={TERMINAL}") if row["epoch"] == 2]
    assert sent == list(range(1, len(sent) + 1))


def nowhere_else(folder: Path, central: CentralSettings, secret: set[str]) -> None:
    """No key stands in settings, their export, books, mirror, logs or the support bundle, in any writing."""
    site, away, bundle = Site(folder), folder / "away.toml", folder / "bundle.zip"
    write_settings(site.settings, Settings(central=central))
    for words in (("settings", "export", str(away)), ("support-bundle", str(bundle))):
        arguments = parse([*words, "--data", str(folder)])
        assert arguments.run(arguments) == 0
    found = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".reserve"}
    with zipfile.ZipFile(bundle) as archive:
        found |= {f"bundle/{name}": archive.read(name) for name in archive.namelist()}
    assert {"settings.toml", "away.toml", "journal.db", "bundle/settings.toml"} <= set(found)
    assert len(secret) >= 4, "the device's and the chain's, before and after"
    for text in secret:
        raw = base64.b64decode(text)
        for form in (text.encode(), raw, raw.hex().encode(), raw.hex().upper().encode()):
            assert [name for name, content in found.items() if form in content] == []


def enrolled(central: RunningCentral, folder: Path) -> CentralSettings:
    """As `pos-client enrol` does it, with a code of the office's and the store of this machine."""
    asked = {"station": STATION, "terminal": TERMINAL.partition("-")[2]}
    code = central.control("POST", "/control/enrolment-codes", asked)["code"]
    secrets = keyring_store.open_keyring(service=keyring_store.SERVICE + Site(folder).mark)
    told = enrol_till(central.addresses.url, code, secrets, lambda enrolled: None)
    assert isinstance(told, Enrolled)
    return replace(settings_for(central.addresses), epoch=told.epoch)


def lose_every_key(how: str) -> None:
    kept = key_rings.Sound.kept
    if how == "forgotten":
        kept.clear()
    for name in kept:
        kept[name] = kept[name][:-4] if how == "cut" else "khóa"


@pytest.fixture
def central() -> Iterator[RunningCentral]:
    with running_central(seed=16) as running:
        yield running


def keep_device_key(central: RunningCentral, folder: Path) -> None:
    key = base64.b64encode(enrolled_device(central.addresses)).decode()
    key_rings.Sound.kept[keyring_store.SERVICE + Site(folder).mark, DEVICE_KEY] = key


def a_start(folder: Path, central: RunningCentral) -> None:
    """With the chain's key in use for what is written."""
    with running_till(folder, central=settings_for(central.addresses), secrets=OS_SECRETS) as till:
        till.until(lambda: till.facts(f.SessionOpened), "head office has answered")
