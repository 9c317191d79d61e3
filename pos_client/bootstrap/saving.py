"""What the technician's page and the command line do with settings: check all of them, keep them, carry them elsewhere.

Each answers every fault, none when it was done. What is saved is in force after the next start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pos_client.adapters.settings_file.toml_file import Loaded, previous_path, read_settings, write_settings
from pos_client.adapters.settings_file.toml_text import dumps
from pos_client.adapters.settings_file.whole_file import write_whole
from pos_client.bootstrap.paths import Site
from pos_client.ports.errors import Unavailable
from pos_client.settings.faults import Fault
from pos_client.settings.model import Settings
from pos_client.settings.transfer import exported
from pos_client.settings.validation import check


def saver(site: Site) -> Callable[[Mapping[str, object]], tuple[Fault, ...]]:
    """Saves a tree to a site's settings file."""

    def save(tree: Mapping[str, object]) -> tuple[Fault, ...]:
        checked = check(tree)
        return checked.faults if checked.settings is None else _save(site, checked.settings)

    return save


def export_settings(site: Site, file: Path) -> tuple[Fault, ...]:
    """Write a site's settings to a file that may leave this machine: nothing secret is in it."""
    loaded = read_settings(site.settings, allow_sandbox_secrets=True)
    if loaded.settings is None:
        return loaded.faults
    try:
        write_whole(file, dumps(exported(loaded.settings)).encode())
    except OSError as error:
        return (_not_saved(f"{file}: {error.strerror}"),)
    return ()


def import_settings(site: Site, file: Path) -> tuple[Fault, ...]:
    """Take a file's settings in place of the site's, which are kept as the previous ones.

    Nothing is touched before the whole file was found right. Newer files and the sandbox's are refused.
    """
    loaded = read_settings(file)
    if loaded.settings is None:
        return loaded.faults
    try:
        site.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return (_not_saved(f"{site.folder}: {error.strerror}"),)
    return _save(site, loaded.settings)


def look_into(site: Site, file: Path | None) -> Loaded:
    """A file's settings, or what is wrong with them; None: those from before the last save. Changes nothing."""
    return read_settings(file or previous_path(site.settings))


def take_previous_back(site: Site) -> tuple[Fault, ...]:
    """The settings from before the last save; those of now become the previous ones, so that this too can be undone."""
    return import_settings(site, previous_path(site.settings))


def _save(site: Site, settings: Settings) -> tuple[Fault, ...]:
    try:
        write_settings(site.settings, settings)
    except Unavailable as trouble:
        return (_not_saved(trouble.detail),)
    return ()


def _not_saved(detail: str) -> Fault:
    return Fault("", "settings_not_saved", (("detail", detail),))
