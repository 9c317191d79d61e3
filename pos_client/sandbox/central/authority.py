"""What central is called by whoever means it: a request that was signed for somebody else is not passed on to us."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

IsOurs = Callable[[str], bool]


def named(host: str, port: Callable[[], int], *, behind_proxy: bool = False) -> IsOurs:
    """Whether an authority (`HOST:PORT`) is ours. On loopback the machine has two names; an address that stands for all
    of this machine's has any number, and whoever serves there says his own in front. So does a proxy that TLS ends at:
    it is known by its certificate, and passes on what was asked of it alone."""
    if behind_proxy or _stands_for_all(host):
        return lambda authority: True
    hosts = (host, "localhost") if host.startswith("127.") else (host,)
    return lambda authority: authority in {f"{name}:{port()}" for name in hosts}


def _stands_for_all(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False
