"""What is wrong with settings, in words, for the console and the log: the windows say it from the same catalogue."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.ports.errors import Unavailable
from pos_client.settings.faults import Fault
from pos_client.ui.technician.view_model import fault_text


def sentence(words: Catalogue, fault: Fault) -> str:
    """'lines[0].baud_rate: Has to be 1200 to 115200.'; a code without words is said as itself."""
    text = fault_text(words, fault)
    return f"{fault.place}: {text}" if fault.place else text


def last_words(trouble: Unavailable) -> str:
    """Of a command that cannot even find its settings: in the language a till begins with."""
    from pos_client.bootstrap import loading
    from pos_client.bootstrap.paths import resources
    from pos_client.services.notices import say
    from pos_client.services.snapshots import Notice, Severity
    from pos_client.settings.model import Settings

    said = say(Notice(trouble.code, Severity.ERROR), loading.catalogue(resources(), Settings().screen.language))
    return f"{said.what}. {said.means} {said.key}. ({trouble})"


def why_no_answer(words: Catalogue, reason: str) -> str:
    """Why head office gave none, in words where there are some; `adapters.central_http.error_mapping` has them all."""
    return words.say(f"no_answer.{reason}") if words.knows(f"no_answer.{reason}") else reason
