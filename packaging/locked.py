"""What the locks pin, why (the reasons in pyproject.toml), and under which licence (licences.toml)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache

import release

LOCKS = release.ROOT / "packaging" / "locks"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_REASON = re.compile(r'^\s*"([A-Za-z0-9._-]+)[^"]*",?(?:\s*#\s*(.+))?$')
_NEEDED = re.compile(r"^ {4}#(?: via| {2})\s+([A-Za-z0-9._-]+)(?: \(pyproject\.toml\))?$")


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a lock."""

    name: str
    version: str
    marker: str
    """Where it is installed, in the words of environment markers; empty: everywhere."""
    hashes: tuple[str, ...]
    needed_by: tuple[str, ...]


def plain(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def pins(lock: str) -> dict[str, Pin]:
    """Everything `locks/LOCK.txt` pins, by name. Raises `ValueError` for a line that is none of a lock's."""
    found: dict[str, Pin] = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", (LOCKS / f"{lock}.txt").read_text(encoding="utf-8").strip()):
        head, *rest = block.splitlines()
        pinned = _PIN.match(head)
        if pinned is None:
            raise ValueError(f"{lock}.txt: {head}")
        name, number, marker = pinned.groups(default="")
        hashes = tuple(line.split("sha256:")[1].strip(" \\") for line in rest if "--hash=sha256:" in line)
        needed = tuple(m.group(1) for line in rest if (m := _NEEDED.match(line)))
        found[plain(name)] = Pin(plain(name), number, marker.strip(), hashes, needed)
    return found


@cache
def reasons() -> dict[str, str]:
    """Why each dependency we name ourselves is there: the comment beside it in pyproject.toml."""
    text = (release.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text.split("dependencies = [", 1)[1].split("[project.scripts]")[0]
    found: dict[str, str] = {}
    for line in listed.splitlines():
        named = _REASON.match(line)
        if named is not None:
            name, reason = plain(named.group(1)), (named.group(2) or "").strip()
            found[name] = found.get(name) or reason
    return found


@cache
def licences() -> dict[str, str]:
    """SPDX expression by name."""
    table: dict[str, str] = tomllib.loads((release.ROOT / "packaging" / "licences.toml").read_text(encoding="utf-8"))
    return table
