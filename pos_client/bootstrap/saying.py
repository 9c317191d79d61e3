"""What is wrong with settings, in words, for the console and the log: the windows say it from the same catalogue."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.settings.faults import Fault
from pos_client.ui.technician.view_model import fault_text


def sentence(words: Catalogue, fault: Fault) -> str:
    """'lines[0].baud_rate: Has to be 1200 to 115200.'; a code without words is said as itself."""
    text = fault_text(words, fault)
    return f"{fault.place}: {text}" if fault.place else text
