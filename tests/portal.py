"""The portal on a running central, and somebody with a browser that has no scripts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from pos_client.sandbox.portal.app import build_portal
from tests.central import RESOURCES, RunningCentral, running_central

PASSWORDS = {
    "000100001": "phuc-cau-giay-12",
    "000200001": "sao-mai-di-duong-21",
    "000200002": "binh-minh-xay-nha-43",
    "LX-01": "toan-lai-xe-ben-30",
    "LX-02": "long-lai-xe-tai-40",
    "TV-01": "mai-ke-toan-doi-50",
    "HO-01": "tam-hoi-so-chinh-90",
    "HO-02": "viet-hoi-so-hai-75",
}
ORGANISATION, OTHER_ORGANISATION = "000200002", "000200001"


@contextmanager
def running_portal(**how: Any) -> Iterator[RunningCentral]:
    """A central with its portal."""
    with running_central(pages=lambda service: build_portal(service, RESOURCES), **how) as central:
        yield central


class Visitor:
    """Follows links, fills in forms as they stand in the page, reads what a person would read."""

    def __init__(self, address: str | None, language: str = "en") -> None:
        assert address is not None
        self.address = address
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["Accept-Language"] = language
        self.page: requests.Response | None = None

    def get(self, path: str, **query: str) -> requests.Response:
        self.page = self.http.get(self.address + path, params=query, timeout=10)
        return self.page

    def post(self, path: str, _files: Any = None, **fields: Any) -> requests.Response:
        """Send a form with the token of the page that is open; a form of no page of ours gives `csrf` itself."""
        data = {"csrf": self.token, **fields}
        self.page = self.http.post(self.address + path, data=data, files=_files, timeout=20)
        return self.page

    def log_in(self, who: str, password: str | None = None) -> requests.Response:
        path = "/office/login" if who.startswith("HO-") else "/login"
        self.get(path)
        return self.post(path, who=who, password=password or PASSWORDS[who])

    @property
    def token(self) -> str:
        assert self.page is not None
        found = re.search(r'name="csrf" value="(\w+)"', self.page.text)
        return found.group(1) if found else ""

    @property
    def text(self) -> str:
        """Words alone."""
        assert self.page is not None
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.page.text)).split())

    @property
    def path(self) -> str:
        assert self.page is not None
        return self.page.url.removeprefix(self.address)

    def close(self) -> None:
        self.http.close()
