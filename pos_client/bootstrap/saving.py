"""What the technician's page does with a tree of settings: check all of it, keep it, say every fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pos_client.adapters.settings_file.toml_file import write_settings
from pos_client.bootstrap.paths import Site
from pos_client.ports.errors import Unavailable
from pos_client.settings.faults import Fault
from pos_client.settings.validation import check


def saver(site: Site) -> Callable[[Mapping[str, object]], tuple[Fault, ...]]:
    """Saves to a site's settings file; the faults, none when it was saved. In force after the next start."""

    def save(tree: Mapping[str, object]) -> tuple[Fault, ...]:
        checked = check(tree)
        if checked.settings is None:
            return checked.faults
        try:
            write_settings(site.settings, checked.settings)
        except Unavailable as trouble:
            return (Fault("settings", trouble.code, (("detail", trouble.detail),)),)
        return ()

    return save
