"""TLS ends in front of the portal: who asks, and over what, is what the proxy says, and nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_client.adapters.central_http.identity import Identity
from pos_client.sandbox.central.ledger import passwords
from pos_client.sandbox.portal import throttle
from tests.central import TERMINAL, device_of
from tests.portal import Visitor, running_portal

PROXY, ELSEWHERE = "127.0.0.1", "192.0.2.7"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch):
    monkeypatch.setattr(passwords, "COST", passwords.COST_OF_SANDBOX)
    monkeypatch.setattr(throttle, "TRIES", 3)


def cookies_of(central, **headers):
    visitor = Visitor(central.addresses.portal)
    visitor.http.headers.update(headers)
    try:
        return visitor.get("/login").headers["Set-Cookie"]
    finally:
        visitor.close()


def tries(central, who, times):
    """What becomes of wrong log-ins that are said to come from there."""
    visitor = Visitor(central.addresses.portal)
    visitor.http.headers["X-Forwarded-For"] = who
    found = [visitor.log_in("000200002", "wrong").status_code for _ in range(times)]
    visitor.close()
    return found


def test_behind_a_proxy_cookies_are_secure_and_each_place_has_its_own_tries():
    with running_portal(seed=3, proxies=(PROXY,)) as central:
        assert "Secure" in cookies_of(central, **{"X-Forwarded-Proto": "https"})
        assert "Secure" not in cookies_of(central)
        first = tries(central, "198.51.100.1", 4)
        assert first[-1] != first[0]
        assert tries(central, "198.51.100.2", 1) == first[:1]


@pytest.mark.parametrize("proxies", [(), (ELSEWHERE,)])
def test_without_one_or_from_another_place_the_headers_say_nothing(proxies):
    with running_portal(seed=3, proxies=proxies) as central:
        assert "Secure" not in cookies_of(central, **{"X-Forwarded-Proto": "https"})
        first = tries(central, "198.51.100.1", 4)
        assert tries(central, "198.51.100.2", 1) == first[-1:], "it is one place, whatever it says"


@pytest.mark.parametrize(("proxies", "status"), [((PROXY,), 200), ((), 401)])
def test_a_till_that_signed_for_the_proxy_s_name_is_heard_behind_one_alone(proxies, status):
    with running_portal(seed=3, proxies=proxies) as central:
        identity = Identity(TERMINAL, central.addresses.answer_key, device_of(central.addresses))
        lines = {"X-Terminal": TERMINAL, "Host": "central.test"}
        seen = identity.sign("GET", "https://central.test/v1/time", lines.items(), b"")
        here = replace(seen, url=f"{central.addresses.url}/v1/time")
        assert central.send(here).status_code == status
