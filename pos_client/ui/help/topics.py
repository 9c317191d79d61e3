"""What help is about, in the order of the index. Chapters are the tables of `resources/help/<language>.toml`; the
customers' guides have files of their own."""

from __future__ import annotations

from enum import StrEnum


class Topic(StrEnum):
    """A screen, or something people ask about on every screen."""

    HOME = "home"
    SALE = "sale"
    POINTS = "points"
    IDENTIFY = "identify"
    MORE = "more"
    PIN = "pin"
    SHIFT = "shift"
    DRIVE_OFFS = "drive_offs"
    PRICES = "prices"
    QUEUE = "queue"
    CERTIFICATE = "certificate"
    OPERATIONS = "operations"
    RECORDS = "records"
    RADAR = "radar"
    CUSTOMER = "customer"
    PRINTER = "printer"
    NETWORK = "network"
    LANGUAGE = "language"
    TRAINING = "training"
    ASSISTANT = "assistant"
    TECH_PORTS = "tech_ports"
    TECH_LINES = "tech_lines"
    TECH_MONITOR = "tech_monitor"
    TECH_SETTINGS = "tech_settings"
    TECH_SUPPORT = "tech_support"
    TECH_DEVICES = "tech_devices"
    START = "start"
    GUIDE_INDIVIDUAL = "guide_individual"
    GUIDE_ORGANISATION = "guide_organisation"
    GUIDE_DRIVER = "guide_driver"


GUIDE_TOPICS = {
    "individual": Topic.GUIDE_INDIVIDUAL,
    "organisation": Topic.GUIDE_ORGANISATION,
    "driver": Topic.GUIDE_DRIVER,
}
"""The customers' guides (A35), by name."""
WRITTEN = tuple(topic for topic in Topic if topic not in GUIDE_TOPICS.values())
"""Topics with a chapter in the book of help itself."""
