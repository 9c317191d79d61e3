"""The check-up's newer findings: keypad, screens, head office's certificate, the version that runs."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pos_client.adapters.updates.shelf import Running
from pos_client.adapters.updates.trust import FILE
from pos_client.bootstrap import checkup_central, updating
from pos_client.bootstrap.checkup import Checkup
from pos_client.bootstrap.checkup_devices import Devices
from pos_client.bootstrap.finding import Finding, Level
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.updating import shelf_of
from pos_client.domain.keeping import Why
from pos_client.domain.moment import VIETNAM, Moment
from pos_client.domain.release import Judgement, Version
from pos_client.settings.model import CentralSettings, KeypadSettings, ScreenSettings, Settings
from pos_client.ui.shell.screens import Screen
from tests.releases import PUBLIC_KEY
from tests.words import words

LEFT = Screen("a", 0, 0, 1366, 768, "HDMI-1", "S1", primary=True)
RIGHT = Screen("b", 1366, 0, 1024, 600, "DP-2", "S2")
BOTH = ("vi", "en")


def devices(tmp_path: Path, language: str = "vi", **settings: object) -> Devices:
    return Devices(Site(tmp_path), words(language), replace(Settings(), **settings))  # type: ignore[arg-type]


def told(finding: Finding) -> tuple[Level, str]:
    assert finding.says
    assert "{" not in finding.says + finding.do
    assert finding.level is Level.OK or finding.do
    return finding.level, finding.code


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(
    ("screens", "wanted", "what"),
    [
        ([LEFT, RIGHT], "", (Level.OK, "screens")),
        ([LEFT, RIGHT], "S2", (Level.OK, "screens")),
        ([LEFT, RIGHT], "S9", (Level.WARNING, "screen_missing")),
        ([LEFT], "", (Level.WARNING, "screen_single")),
        ([LEFT, replace(RIGHT, left=0)], "", (Level.WARNING, "screen_single")),
        ([], "", (Level.WARNING, "screen_single")),
    ],
)
def test_screens(tmp_path, language, screens, wanted, what):
    screen = ScreenSettings(customer_screen=wanted)
    assert told(devices(tmp_path, language, screen=screen).customer_screen(screens)) == what


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(
    ("keypad", "what"),
    [
        (KeypadSettings(), (Level.OK, "keypad_screen")),
        (KeypadSettings("serial", port="socket://10.0.0.5:4001"), (Level.OK, "keypad")),
        (KeypadSettings("serial", port="/dev/null"), (Level.OK, "keypad")),
        (KeypadSettings("serial", port="/dev/there-is-none"), (Level.FAULT, "keypad_missing")),
        (KeypadSettings("usb", identity="usb:dead:beef:NOBODY"), (Level.FAULT, "keypad_missing")),
    ],
)
def test_keypads(tmp_path, language, keypad, what):
    assert told(devices(tmp_path, language, keypad=keypad).keypad()) == what


@pytest.mark.parametrize("language", BOTH)
def test_the_version_that_runs_waits_or_was_given_up(tmp_path, language, monkeypatch):
    def found() -> Finding:
        return next(f for f in Checkup(Site(tmp_path), words(language), None, None).findings() if f.what == "version")  # type: ignore[arg-type]

    assert told(found()) == (Level.OK, "version_alone")
    (tmp_path / FILE).write_text(f'url = "https://updates.example.vn/m"\nkeys = ["{PUBLIC_KEY}"]\n', "utf-8")
    monkeypatch.setattr(updating, "resources", lambda: tmp_path)
    assert told(found()) == (Level.OK, "version")
    assert "https://updates.example.vn/m" in found().says
    shelf_of(Site(tmp_path)).write(Running(ready=Version(1, 5, 0)))
    assert told(found()) == (Level.OK, "version_waits")
    shelf_of(Site(tmp_path)).write(Running(ready=Version(1, 5, 0), held_up=True))
    assert told(found()) == (Level.WARNING, "version_held_up")
    for why in ("", *Why):
        shelf_of(Site(tmp_path)).write(Running(given_up=frozenset({Version(1, 5, 0)}), why=why))
        assert told(found()) == (Level.WARNING, "version_given_up")
        assert words(language).say(f"doctor.why.{why or Why.CRASHED}") in found().says


TROUBLES = (
    "updates_unreachable",
    "no_manifest",
    "manifest_untrusted",
    "manifest_unreadable",
    "package_damaged",
    "update_no_room",
    "disk_full",
)
FINE = {Judgement.TAKE, Judgement.HAVE_IT, Judgement.LATER}


@pytest.mark.parametrize("language", BOTH)
def test_what_came_of_the_last_look_for_a_new_version_is_said_in_words(tmp_path, language):
    def found() -> list[Finding]:
        return [f for f in Checkup(Site(tmp_path), words(language), None, None).findings() if f.what == "updates"]  # type: ignore[arg-type]

    assert found() == []
    for outcome in (*Judgement, *TROUBLES):
        shelf_of(Site(tmp_path)).note_look(datetime(2026, 11, 29, 6, 5, tzinfo=VIETNAM), outcome, "1.5.0")
        (one,) = found()
        assert told(one) == (Level.OK if outcome in FINE else Level.WARNING, f"look_{outcome}")
        assert "29/11/2026 06:05" in one.says
    shelf_of(Site(tmp_path)).note_look(
        datetime(2026, 11, 29, 6, 5, tzinfo=VIETNAM), "store_failed", "running.json: EIO"
    )
    assert told(found()[0]) == (Level.WARNING, "look_failed")
    assert "EIO" in found()[0].says


# ── head office's certificate ───────────────────────────────────────────────────────────────────────────────────────

NOW = datetime.now(UTC)  # noqa: TID251 the handshake looks at the real clock


def certificate(folder: Path, days: int) -> Path:
    """Key and certificate of localhost in one file, its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=60))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "localhost.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()) + made.public_bytes(pem)
    )
    return file


class Silent(BaseHTTPRequestHandler):
    """The handshake is enough."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def served(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[int, Path]]:
    file = certificate(tmp_path, request.param)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # who does not believe it hangs up
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.server_port, file
    server.shutdown()
    thread.join()
    server.server_close()


class Clock:
    """Now."""

    def now(self) -> Moment:
        return Moment(0, NOW)


def certificates(tmp_path: Path, port: int, language: str) -> list[tuple[Level, str]]:
    settings = Settings(central=CentralSettings(url=f"https://localhost:{port}"))
    office = checkup_central.HeadOffice(Site(tmp_path), words(language), settings, Clock())  # type: ignore[arg-type]
    return [told(each) for each in office.findings() if each.what == "certificate"]


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(
    ("served", "believed", "what"),
    [
        (90, True, (Level.OK, "certificate")),
        (10, True, (Level.WARNING, "certificate_ends")),
        (-1, True, (Level.FAULT, "certificate_refused")),
        (90, False, (Level.FAULT, "certificate_refused")),
    ],
    indirect=["served"],
)
def test_certificates(tmp_path, monkeypatch, served, believed, what, language):
    port, file = served
    if believed:
        monkeypatch.setattr(certifi, "where", lambda: str(file))
    assert certificates(tmp_path, port, language) == [what]


def test_where_nobody_answers_nothing_is_said_of_a_certificate(tmp_path):
    assert certificates(tmp_path, 9, "vi") == []
