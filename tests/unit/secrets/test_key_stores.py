"""Key stores that work, forget, are locked, hang or fail, each told apart; and the one of the sandbox."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from types import ModuleType

import keyring.errors
import pytest
from keyring.backend import KeyringBackend

from pos_client.adapters.secrets import keyring_store
from pos_client.adapters.secrets.keyring_store import (
    BACKENDS,
    PROBE,
    KeyringSecrets,
    first_viable,
    open_keyring,
    within,
)
from pos_client.adapters.secrets.sandbox_file import FILE, SandboxSecrets, open_sandbox_secrets
from pos_client.bootstrap import paths
from pos_client.bootstrap.books import CHAIN_KEY, chain_key
from pos_client.bootstrap.enrolling import DEVICE_KEY, device_key
from pos_client.bootstrap.paths import Site
from pos_client.ports.errors import Unavailable
from tests.words import words

HERE = "http://127.0.0.1:8080"


class Memory(KeyringBackend):
    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Null(Memory):
    def set_password(self, service: str, username: str, password: str) -> None:
        """Like keyring's null backend: says yes, keeps nothing."""


class Refusing(Memory):
    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.error


class Hanging(Memory):
    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def set_password(self, service: str, username: str, password: str) -> None:
        self.released.wait(20)


@pytest.fixture(params=["keyring", "sandbox"])
def secrets(request: pytest.FixtureRequest, tmp_path: Path) -> KeyringSecrets | SandboxSecrets:
    return KeyringSecrets(Memory()) if request.param == "keyring" else open_sandbox_secrets(tmp_path, HERE)


def test_a_secret_is_kept_replaced_and_forgotten(secrets: KeyringSecrets | SandboxSecrets):
    assert secrets.get("device") is None
    secrets.put("device", bytes(range(32)))
    secrets.put("device", b"\x00\xff" * 16)
    assert secrets.get("device") == b"\x00\xff" * 16
    assert secrets.get("chain") is None
    secrets.remove("device")
    secrets.remove("device")
    assert secrets.get("device") is None


def test_a_probe_leaves_nothing_behind():
    backend = Memory()
    KeyringSecrets(backend).probe()
    assert backend.kept == {}


def probing(backend: KeyringBackend) -> str:
    with pytest.raises(Unavailable) as refused:
        KeyringSecrets(backend, limit_s=0.05).probe()
    return refused.value.code


def test_a_store_that_forgets_is_not_trusted():
    assert probing(Null()) == "secrets_forgotten"


def test_two_tills_of_one_user_have_keys_of_their_own():
    backend = Memory()
    first, second = KeyringSecrets(backend), KeyringSecrets(backend, service="pos-client-0a1b2c3d4e5f")
    first.put(DEVICE_KEY, b"1" * 32)
    second.put(DEVICE_KEY, b"2" * 32)
    assert first.get(DEVICE_KEY) == b"1" * 32
    second.remove(DEVICE_KEY)
    assert (first.get(DEVICE_KEY), second.get(DEVICE_KEY)) == (b"1" * 32, None)


def test_the_usual_folder_has_no_mark_and_every_other_one_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    usual, other, link = tmp_path / "usual", tmp_path / "Quầy số 2", tmp_path / "link"
    monkeypatch.setattr(paths, "default_site", lambda: Site(usual))
    other.mkdir()
    link.symlink_to(other)
    assert Site(usual).mark == Site(tmp_path / "x" / ".." / "usual").mark == ""
    assert Site(other).mark == Site(link).mark != Site(tmp_path / "Quầy số 3").mark
    assert len({"", Site(other).mark, Site(tmp_path / "Quầy số 3").mark}) == 3


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (keyring.errors.KeyringLocked("locked"), "secrets_locked"),
        (keyring.errors.InitError("Prompt dismissed"), "secrets_locked"),
        (keyring.errors.NoKeyringError("none"), "secrets_no_store"),
        (keyring.errors.PasswordSetError("full"), "secrets_failed"),
        (type("DBusErrorResponse", (Exception,), {"__module__": "jeepney.wrappers"})("gone"), "secrets_failed"),
    ],
)
def test_each_failure_has_its_name(error: BaseException, code: str):
    assert probing(Refusing(error)) == code


def test_a_hidden_prompt_does_not_hold_the_terminal():
    backend = Hanging()
    assert probing(backend) == "secrets_timeout"
    backend.released.set()


def test_a_mistake_of_ours_stays_one():
    with pytest.raises(ZeroDivisionError):
        KeyringSecrets(Refusing(ZeroDivisionError())).probe()


def test_every_error_of_the_library_has_its_line():
    theirs = {
        name
        for name, kind in vars(keyring.errors).items()
        if isinstance(kind, type) and issubclass(kind, keyring.errors.KeyringError)
    }
    assert theirs == set(keyring_store.CODES)


def test_a_secret_that_is_no_base64_is_damaged():
    backend = Memory()
    backend.kept["pos-client", "device"] = "not base64!"
    with pytest.raises(Unavailable, match="secrets_damaged"):
        KeyringSecrets(backend).get("device")


@pytest.mark.parametrize("text", ["không phải khóa", "AAA", "\udc80", 5, ["AAAA"]])
def test_what_a_store_answers_that_is_no_key_of_ours_is_damaged_and_can_be_thrown_away(text: object):
    backend = Memory()
    backend.kept["pos-client", "device"] = text  # type: ignore[assignment]
    secrets = KeyringSecrets(backend)
    with pytest.raises(Unavailable, match="secrets_damaged"):
        secrets.get("device")
    secrets.remove("device")
    assert secrets.get("device") is None


class Kept(dict[str, bytes]):
    """A store that works."""

    def put(self, name: str, secret: bytes) -> None:
        self[name] = secret


@pytest.mark.parametrize("kept", [b"", b"x" * 29, b"x" * 31, b"x" * 33])
def test_a_key_that_was_cut_is_damaged_and_none_is_made_in_its_place(kept: bytes):
    cut = Kept({DEVICE_KEY: kept, CHAIN_KEY: kept})
    for ask in (lambda: device_key(cut, was_enrolled=True), lambda: chain_key(cut)):
        with pytest.raises(Unavailable, match="secrets_damaged"):
            ask()
    assert cut == {DEVICE_KEY: kept, CHAIN_KEY: kept}


def test_a_key_that_is_not_there_is_new_for_a_new_till_and_lost_for_any_other():
    assert device_key(Kept(), was_enrolled=False) is None
    with pytest.raises(Unavailable, match="device_key_lost"):
        device_key(Kept(), was_enrolled=True)


@pytest.mark.skipif(sys.platform == "win32", reason="there folders are their owner's")
def test_the_sandbox_s_store_is_its_owner_s_alone_whatever_was_there_before(tmp_path: Path):
    before = os.umask(0)
    try:
        (tmp_path / f"{FILE}.new").write_text("of a cut", "utf-8")
        open_sandbox_secrets(tmp_path, HERE).put("chain", b"1" * 32)
    finally:
        os.umask(before)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("value", ['"no key!"', "5", '["AAAA"]', '"AAA"'])
def test_a_damaged_key_of_the_sandbox_s_store_is_said_to_be_damaged(tmp_path: Path, value: str):
    (tmp_path / FILE).write_text(f'{{"device": {value}}}', "utf-8")
    with pytest.raises(Unavailable, match="secrets_damaged"):
        open_sandbox_secrets(tmp_path, HERE).get("device")


def test_only_keys_are_kept():
    with pytest.raises(ValueError, match="keys"):
        KeyringSecrets(Memory()).put(PROBE, bytes(65))


def test_only_stores_of_the_list_are_looked_at(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    listed = {module for stores in BACKENDS.values() for module, _ in stores}
    assert not [
        module for module in listed if any(bad in module for bad in ("null", "fail", "alt", "chainer", "Plain"))
    ]
    with pytest.raises(Unavailable, match="secrets_no_store"):
        open_keyring("an-unknown-system")


def test_the_first_that_is_viable_here_is_taken_by_its_class(monkeypatch: pytest.MonkeyPatch):
    class Unfit(Memory):
        @property
        def priority(self) -> float:  # type: ignore[override]
            raise RuntimeError("not here")

    class Roaming(Memory):
        persist = "enterprise"

    module = ModuleType("stores_for_a_test")
    module.Unfit, module.Roaming = Unfit, Roaming  # type: ignore[attr-defined]
    Unfit.viable = False  # type: ignore[assignment]
    monkeypatch.setitem(sys.modules, "stores_for_a_test", module)
    backend = first_viable((("no.such.module", "X"), ("stores_for_a_test", "Unfit"), ("stores_for_a_test", "Roaming")))
    assert type(backend) is Roaming
    assert backend.persist == "local machine"


def test_the_limit_hands_over_answers_and_errors():
    assert within(5, lambda: 42) == 42
    with pytest.raises(KeyError):
        within(5, lambda: dict[str, int]()["x"])


def test_the_sandboxs_store_keeps_its_keys_over_a_restart(tmp_path: Path):
    open_sandbox_secrets(tmp_path, HERE).put("chain", b"1" * 32)
    again = open_sandbox_secrets(tmp_path, HERE)
    again.put("device", b"2" * 32)
    assert (again.get("chain"), again.get("device"), again.get("other")) == (b"1" * 32, b"2" * 32, None)
    again.remove("chain")
    again.remove("chain")
    assert open_sandbox_secrets(tmp_path, HERE).get("chain") is None


@pytest.mark.parametrize("central", ["https://loyalty.example.vn", "http://10.0.0.7:8080", "http://127.0.0.1.evil", ""])
def test_the_sandboxs_store_is_for_no_real_central(tmp_path: Path, central: str):
    with pytest.raises(Unavailable, match="secrets_sandbox_only"):
        open_sandbox_secrets(tmp_path, central)


@pytest.mark.parametrize("rubbish", ["", "{", "[1]", "null"])
def test_the_sandboxs_store_damaged_is_not_an_empty_one(tmp_path: Path, rubbish: str):
    (tmp_path / FILE).write_text(rubbish, "utf-8")
    with pytest.raises(Unavailable, match="secrets_failed"):
        open_sandbox_secrets(tmp_path, HERE).get("device")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_failure_of_the_store_is_said_in_words(language: str):
    catalogue = words(language)
    codes = set(keyring_store.CODES.values()) | {"secrets_timeout", "secrets_forgotten", "secrets_damaged"}
    codes |= {"device_key_lost", "chain_key_lost", "not_enrolled", "secrets_sandbox_only", "secrets_not_tried"}
    assert not [
        code for code in codes if not all(catalogue.knows(f"notice.{code}.{p}") for p in ("what", "means", "key"))
    ]
