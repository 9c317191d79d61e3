"""One session of training: a sandbox of its own, a till of its own in a folder of its own, and the exercises beside it.

Each session begins with empty books in a folder that is made for it and goes with it; only the ticks of the exercises
stay. Nothing of the real till is opened: neither its folder, nor its key store, nor its central.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QWidget

from pos_client.bootstrap.demo import by_hand
from pos_client.bootstrap.demo.panel_worker import PanelWorker
from pos_client.bootstrap.lifecycle import Lifecycle
from pos_client.bootstrap.ticks import TICKS, keep_ticks, read_ticks
from pos_client.bootstrap.training.exercise_panel import ExercisePanel
from pos_client.bootstrap.training.exercises import FAULTS
from pos_client.bootstrap.training.paper import PaperPrinter
from pos_client.bootstrap.windowed import Windowed
from pos_client.domain.catalogue import Catalogue
from pos_client.settings.model import PrinterSettings, Settings
from pos_client.ui.style import Style


def train(folder: Path, language: str, seed: int) -> int:
    """Until the cashier's window is closed. `folder`: of training, beside the real till's files, never among them."""
    folder.mkdir(parents=True, exist_ok=True)
    session = Path(tempfile.mkdtemp(prefix="session-", dir=folder))
    printer, threads = PaperPrinter(), Lifecycle(lambda fault: None)
    threads.start("training-printer", printer.run)

    def beside(windowed: Windowed, worker: PanelWorker, words: Catalogue) -> QWidget:
        return exercises(windowed, worker, words, printer, folder / TICKS)

    try:
        return by_hand.play(session, language, seed, lambda settings: as_training(settings, printer.target), beside)
    finally:
        threads.stop()
        shutil.rmtree(session, ignore_errors=True)


def as_training(settings: Settings, printer: str) -> Settings:
    """The sandbox's settings for a till to practise on."""
    return replace(settings, station=replace(settings.station, training=True), printer=PrinterSettings(target=printer))


def exercises(
    windowed: Windowed, worker: PanelWorker, words: Catalogue, printer: PaperPrinter, ticks: Path
) -> ExercisePanel:
    """The panel, tied to what can go wrong and to what the screens show."""

    def begin(name: str) -> None:
        fault = FAULTS[name]
        if fault.paper:
            printer.paper(there=False)
        else:
            worker.central_fault(fault.central, fault.times, fault.match, fault.seconds)

    def restore() -> None:
        printer.paper(there=True)
        worker.clear_all()

    style = Style(windowed.windows.cashier.look.theme)
    panel = ExercisePanel(style, words, read_ticks(ticks), begin, restore, lambda done: keep_ticks(ticks, done))
    windowed.snapshots.connect(panel.show_snapshot)
    return panel
