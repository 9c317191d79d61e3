"""Nothing about a person leaves in a log line, and what a technician needs does."""

from __future__ import annotations

import base64
import tomllib
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pos_client.adapters.diagnostics.allow_list import AllowList
from pos_client.adapters.diagnostics.redaction import MASK
from tests.words import RESOURCES

STATION = tomllib.loads((RESOURCES / "sandbox" / "station.toml").read_text("utf-8"))
ALLOWED = AllowList({"CHXD018", "CHXD018-T1", "DO-005S"})


def without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace("Đ", "D")


def people() -> dict[str, str]:
    """Every phone, name, plate, code and PIN of the sandbox, in every way it may be written: form -> what must go."""
    found: dict[str, str] = {}
    for account in STATION["accounts"]:
        phone = "0" + account["phone"][3:]
        for form in (
            account["phone"],
            phone,
            f"{phone[:4]} {phone[4:7]} {phone[7:]}",
            f"{phone[:4]}.{phone[4:7]}.{phone[7:]}",
        ):
            found[form] = phone[4:7] if form != account["phone"] else phone[1:]
        found[account["number"]] = account["number"]
        names = [account["name"], *(driver["name"] for driver in account.get("drivers", ()))]
        for name in names:
            for form in (name, name.upper(), without_marks(name), without_marks(name).upper()):
                found[form] = form.split()[-1]
        for secret in (account.get("pin"), account.get("qr"), *(v["code"] for v in account.get("vouchers", ()))):
            if secret is not None:
                found[secret] = secret
        for driver in account.get("drivers", ()):
            found[driver["pin"]] = driver["pin"]
        for vehicle in account.get("vehicles", ()):
            plate = vehicle["plate"]
            for form in (plate, f"{plate[:3]}-{plate[3:]}", f"{plate[:3]}-{plate[3:6]}.{plate[6:]}"):
                found[form] = form
    return found


PEOPLE = people()
FRAMES = ("customer {}", "{} was refused", "customer={}, tries 2", "('{}',)", '{{"name": "{}"}}', "/v1/{}/x", "{}")


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("form", PEOPLE)
def test_nobody_of_the_sandbox_is_named(form: str, frame: str):
    cleaned = ALLOWED.cleaned(f"2026-11-23T08:15:00.123 INFO     terminal pos_client.services: {frame.format(form)}")
    assert form not in cleaned
    assert PEOPLE[form] not in cleaned.partition("services:")[2]
    assert MASK in cleaned


KEYS = st.binary(min_size=16, max_size=64)


@given(KEYS)
def test_no_key_leaves_in_any_spelling(key: bytes):
    for form in (key.hex(), key.hex().upper(), base64.b64encode(key).decode(), base64.urlsafe_b64encode(key).decode()):
        cleaned = ALLOWED.cleaned(f"sealed with {form} for central")
        assert form not in cleaned
        longest = max(
            len(part) for part in cleaned.removeprefix("sealed with ").removesuffix(" for central").split(MASK)
        )
        assert longest <= 8


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-23T08:15:00.123 INFO     line-dart-1 pos_client.link.dart-1.a1b2c3d4: > 54 31 01 0d fa",
        "2026-11-23T08:15:00.123 WARNING  MainThread pos_client.bootstrap: cannot start: store_locked",
        'SerialException("could not open port /dev/ttyUSB0: [Errno 13] Permission denied")',
        '  File "pos_client/adapters/dispensers/line.py", line 322, in _serve',
        "Traceback (most recent call last):",
        "receipt T1-000123, accrual 0190a1b2-1234-7abc-8def-0123456789ab at CHXD018, DO-005S, 12 %, 120 ms",
        "http://127.0.0.1:8080/v1/time answered 503 after 2.5 s; sqlite 3.51.3",
        "urllib3.exceptions.ReadTimeoutError: HTTPConnectionPool(host='192.168.1.50', port=443)",
        "could not open port COM12",
    ],
)
def test_what_support_needs_stays(line: str):
    assert ALLOWED.cleaned(line) == line


@given(st.text(max_size=200))
@example("a" + "-_" * 31 + "X")
@example("aaaa1-" * 10 + "É")
@example("." * 64 + "A")
def test_any_text_can_be_cleaned_and_cleaning_twice_changes_nothing_more(text: str):
    once = ALLOWED.cleaned(text)
    assert ALLOWED.cleaned(once) == once
    assert text.count("\n") == once.count("\n")
