"""In which words a command speaks, and of which settings: the site's, unless `--lang` or `--data` say otherwise."""

from __future__ import annotations

from pos_client.bootstrap.arguments import Arguments
from pos_client.bootstrap.loading import catalogue
from pos_client.bootstrap.paths import Site, default_site, resources
from pos_client.domain.catalogue import Catalogue
from pos_client.settings.model import Settings
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Spoken:
    """Where a command works, and how it speaks. `settings`: None when there are none, or they are wrong."""

    site: Site
    settings: Settings | None
    words: Catalogue


def spoken(arguments: Arguments) -> Spoken:
    """By the command line. Reads the settings file, and nothing else."""
    from pos_client.adapters.settings_file.toml_file import read_settings

    site = Site(arguments.data) if arguments.data else default_site()
    settings = read_settings(site.settings, allow_sandbox_secrets=True).settings
    language = arguments.language or (settings or Settings()).screen.language
    return Spoken(site, settings, catalogue(resources(), language))
