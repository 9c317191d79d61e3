"""The settings file: read with everything that is wrong with it, written whole or not at all.

A power cut while saving leaves either the old file or the new one. The last file that was right is kept beside it as
`<name>.previous`; when the present one is damaged, it is offered, never taken without asking.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from pos_client.adapters.settings_file.toml_text import dumps
from pos_client.adapters.settings_file.whole_file import write_whole
from pos_client.ports.errors import Unavailable
from pos_client.settings.faults import Fault
from pos_client.settings.model import Settings
from pos_client.settings.options import SANDBOX_SECRETS
from pos_client.settings.validation import check
from pos_client.settings.writing import as_tree
from pos_client.value import dataclass

_NOTHING_THERE = ("no_file", "unreadable")
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True)
class Loaded:
    """`settings` when nothing is wrong, else None and the `faults`. `previous`: the last file that was right, if the
    present one is not and there is one."""

    settings: Settings | None
    faults: tuple[Fault, ...] = ()
    previous: Path | None = None


def read_settings(path: Path, *, allow_sandbox_secrets: bool = False) -> Loaded:
    """Read and check. Never raises: a missing, unreadable or damaged file is a fault with its line.

    The sandbox's throw-away secrets are refused unless the caller (the demo) allows them: a terminal that keeps its
    device key in memory would be another terminal after each start.
    """
    loaded = _read(path, allow_sandbox_secrets)
    if loaded.settings is not None:
        return loaded
    previous = previous_path(path)
    usable = _read(previous, allow_sandbox_secrets).settings is not None
    return Loaded(None, loaded.faults, previous if usable else None)


def write_settings(path: Path, settings: Settings) -> None:
    """Save: to a new file, synced, then in place of the old one, which is kept: a right one as the previous one, a
    damaged one as `<name>.damaged`. Raises `Unavailable("settings_not_saved")`."""
    try:
        present = _read(path, allow_sandbox_secrets=True)
        if present.settings is not None:
            write_whole(previous_path(path), path.read_bytes())
        elif present.faults[0].code not in _NOTHING_THERE:
            write_whole(_damaged_path(path), path.read_bytes())
        write_whole(path, dumps(as_tree(settings)).encode())
    except OSError as error:
        raise Unavailable("settings_not_saved", f"{path}: {error.strerror}") from error


def take_previous(path: Path) -> None:
    """Put the last right file in the place of the damaged one, which is kept as `<name>.damaged` for the technician.

    Raises `Unavailable("settings_not_saved")`; then everything is as it was.
    """
    try:
        write_whole(_damaged_path(path), path.read_bytes())
        write_whole(path, previous_path(path).read_bytes())
    except OSError as error:
        raise Unavailable("settings_not_saved", f"{path}: {error.strerror}") from error


def previous_path(path: Path) -> Path:
    """Where the last right file is kept."""
    return path.with_name(f"{path.name}.previous")


def _damaged_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged")


def _read(path: Path, allow_sandbox_secrets: bool) -> Loaded:
    try:
        raw = tomllib.loads(path.read_bytes().decode("utf-8-sig"))  # Notepad puts a mark in front
    except FileNotFoundError:
        return _faulty("no_file", reason=str(path))
    except OSError as error:
        return _faulty("unreadable", reason=error.strerror or str(error))
    except UnicodeDecodeError as error:
        return _faulty("damaged", line=error.object[: error.start].count(b"\n") + 1, reason="not UTF-8")
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        return _faulty("damaged", line=int(place[1]) if place else _last_line(path), reason=str(error))
    checked = check(raw)
    throw_away = checked.settings is not None and checked.settings.secrets_backend == SANDBOX_SECRETS
    if throw_away and not allow_sandbox_secrets:
        return Loaded(None, (Fault("secrets_backend", "sandbox_secrets"),))
    return Loaded(checked.settings, checked.faults)


def _faulty(code: str, **params: int | str) -> Loaded:
    return Loaded(None, (Fault("", code, tuple(params.items())),))


def _last_line(path: Path) -> int:
    return max(1, len(path.read_bytes().splitlines()))
