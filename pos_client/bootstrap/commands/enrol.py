"""`pos-client enrol CODE`: makes this machine a till of head office's, with a one-time code and a key made here."""

from __future__ import annotations

import os
import sys

from pos_client.bootstrap.arguments import Arguments


def run(arguments: Arguments) -> int:
    """Exit 0 when enrolled; 1 with a sentence when not, and then everything is as it was."""
    from pos_client.adapters.central_http.enrolment import Enrolled
    from pos_client.adapters.settings_file.toml_file import read_settings, write_settings
    from pos_client.adapters.system_clock import SystemClock
    from pos_client.bootstrap import loading
    from pos_client.bootstrap.at_work import terminal_runs
    from pos_client.bootstrap.enrolling import as_enrolled, enrol_till, enrolment_said, open_secrets
    from pos_client.bootstrap.ground import stand_on
    from pos_client.bootstrap.paths import Site, default_site, resources
    from pos_client.bootstrap.saying import sentence
    from pos_client.ports.errors import Unavailable
    from pos_client.settings.model import Settings

    site = Site(arguments.data) if arguments.data else default_site()
    loaded = read_settings(site.settings)
    settings = loaded.settings or Settings()
    words = loading.catalogue(resources(), settings.screen.language)
    if loaded.settings is None and os.path.exists(site.settings):
        print("\n".join(sentence(words, fault) for fault in loaded.faults), file=sys.stderr)
        return 1
    if terminal_runs(site):
        print(words.say("enrol.terminal_runs"), file=sys.stderr)
        return 1
    try:
        stand_on(site)
        told = enrol_till(
            arguments.url or settings.central.url,
            arguments.code,
            open_secrets(settings, site),
            lambda enrolled: write_settings(site.settings, as_enrolled(settings, enrolled)),
        )
    except Unavailable as trouble:
        key = f"notice.{trouble.code}"
        said = words.say(f"{key}.what") if words.knows(f"{key}.what") else str(trouble)
        print(words.say("enrol.no_place", reason=said), file=sys.stderr)
        return 1
    done = isinstance(told, Enrolled)
    print(enrolment_said(words, told, SystemClock().now().wall), file=sys.stdout if done else sys.stderr)
    return 0 if done else 1
