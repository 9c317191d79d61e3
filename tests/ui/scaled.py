"""Both windows on a screen of 1366 x 768 whose system draws everything at 200 %: run as a program, tells what is cut.

`python -m tests.ui.scaled [FOLDER]` with `QT_SCALE_FACTOR=2`: the factor is read when the application is made, so no
test of the suite's own process can have it. Prints a JSON object; FOLDER gets pictures.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from pos_client.bootstrap.simulate.world import INDIVIDUAL
from pos_client.domain.identifiers import PointId
from pos_client.services import messages as m
from pos_client.ui.application import create_application
from tests.ui.station import Station, open_station
from tests.words import RESOURCES

SCREEN, CUSTOMER = (1366, 768), (1024, 600)
TOUCH_PX = 44


def cut(station: Station, window: QWidget) -> list[str]:
    """Keys that a finger does not hit: too low in pixels of the screen, out of the window, or over each other."""
    ratio = window.devicePixelRatioF()
    keys = [key for key in window.findChildren(QAbstractButton) if key.isVisible()]
    room = window.rect()
    found = []
    places: list[tuple[str, QRect]] = []
    for key in keys:
        place = QRect(key.mapTo(window, key.rect().topLeft()), key.size())
        name = key.objectName() or key.accessibleName()
        if key.height() * ratio < TOUCH_PX or not room.contains(place):
            found.append(f"{name}: {place.width()}x{place.height()} at {place.x()},{place.y()}")
        found += [f"{name} over {other}" for other, taken in places if taken.intersects(place)]
        places.append((name, place))
    return found


def main(folder: Path | None) -> None:
    app = create_application([], RESOURCES, "day")
    with open_station() as station:
        for window, (wide, high) in ((station.cashier, SCREEN), (station.customer, CUSTOMER)):
            ratio = window.devicePixelRatioF()
            window.resize(int(wide / ratio), int(high / ratio))
        station.fuel()
        station.so(m.SelectPoint(PointId(1)), m.Identify(INDIVIDUAL))
        QApplication.processEvents()
        found = {
            window.objectName(): {"ratio": window.devicePixelRatioF(), "cut": cut(station, window)}
            for window in (station.cashier, station.customer)
        }
        for window in (station.cashier, station.customer) if folder is not None else ():
            assert folder is not None
            window.grab().save(str(folder / f"scaled-{window.objectName()}.png"))
    sys.stdout.write(json.dumps(found))
    app.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
