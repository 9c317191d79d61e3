"""Both languages say the same things, with the same places; and every word a screen asks for is there."""

from __future__ import annotations

import re
import string
import tomllib
from dataclasses import fields, is_dataclass

import pytest

from pos_client.domain.catalogue import flatten
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.checkout.view_model import pad_view, sale_view
from pos_client.ui.customer.view_model import customer_view
from pos_client.ui.forecourt.arrangement import needs
from pos_client.ui.forecourt.view_model import tile_views
from pos_client.ui.loyalty.chip_view import chip_view
from pos_client.ui.loyalty.view_model import panel_view
from pos_client.ui.more.availability import Counter
from pos_client.ui.more.view_model import more_view
from pos_client.ui.prices.view_model import at_pumps, listed, verdict
from pos_client.ui.shell.view_model import bar_view, message_view, strip_view
from pos_client.ui.shift import tables
from pos_client.ui.shift.keys import Place, Tab, bar
from pos_client.ui.shift.view_model import difference, head_view, notice_view, summary_rows, task_view
from tests.ui.gallery import CASHIER, CUSTOMER, SCENES
from tests.ui.pictures import FORECOURT
from tests.ui.sample import NOW
from tests.words import RESOURCES, words

UNSAID = re.compile(r"\b[a-z_]+\.[a-z_]+(\.[a-z_]+)*\b")
EMPTY_PLACE = re.compile(r"\{[a-z_]*\}")


def _texts(language: str) -> dict[str, str]:
    folder = RESOURCES / "translations" / language
    files = [(folder / name).read_text(encoding="utf-8") for name in ("screens.toml", "technician.toml")]
    return {key: text for file in files for key, text in flatten(tomllib.loads(file)).items()}


def _places(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_both_languages_have_the_same_keys_and_places() -> None:
    vi, en = _texts("vi"), _texts("en")
    assert vi.keys() == en.keys()
    different = {key: (vi[key], en[key]) for key in vi if _places(vi[key]) != _places(en[key])}
    assert different == {}


def test_no_text_is_empty_or_has_stray_space() -> None:
    for language in ("vi", "en"):
        for key, text in _texts(language).items():
            assert text == text.strip(), (language, key)
            assert text, (language, key)


def _all_strings(view: object) -> list[str]:
    if isinstance(view, str):
        return [view]
    if is_dataclass(view):
        return [text for field in fields(view) for text in _all_strings(getattr(view, field.name))]
    if isinstance(view, tuple):
        return [text for part in view for text in _all_strings(part)]
    return []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", sorted(SCENES))
def test_every_scene_is_said_in_full(language: str, name: str) -> None:
    """The same for the strip's questions and the sides of the shift's page."""
    catalogue, scene = words(language), SCENES[name]
    assert scene.snapshot is not None
    views: list[object] = []
    if scene.step is not None:
        views.append(more_view(catalogue, scene.step, scene.snapshot, Counter(tills=("T2", "T3")), NOW))
    shift = scene.snapshot.shift
    places = [Place(tab) for tab in Tab]
    views += [
        head_view(catalogue, scene.snapshot, NOW),
        task_view(catalogue, scene.snapshot, NOW),
        notice_view(catalogue, scene.snapshot) or "",
        summary_rows(catalogue, shift),
        tables.meters(catalogue, shift),
        tables.fuellings(catalogue, shift),
        tables.rows_title(catalogue, shift),
        tables.drive_offs(catalogue, scene.snapshot),
        listed(catalogue, scene.snapshot),
        at_pumps(catalogue, scene.snapshot, FORECOURT),
        verdict(catalogue, scene.snapshot)[0],
        *(tuple((key.cap, key.label) for key in bar(catalogue, place, scene.snapshot)) for place in places),
    ]
    if shift is not None:
        views += [difference(catalogue, shift, counted)[0] for counted in (None, 0, 10**9, shift.cash_expected_vnd)]
    for view in views:
        for text in _all_strings(view):
            assert not UNSAID.search(text), text
            assert not EMPTY_PLACE.search(text), text


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", sorted(k for k, v in {**CASHIER, **CUSTOMER}.items() if v is not None))
def test_every_picture_is_said_in_full(language: str, name: str) -> None:
    """No key shines through, no place stays open, in any state of the gallery."""
    catalogue = words(language)
    snapshot = {**CASHIER, **CUSTOMER}[name]
    assert isinstance(snapshot, TerminalSnapshot)
    tiles = tile_views(catalogue, snapshot, NOW)
    views = (
        tiles,
        needs(tiles, snapshot),
        sale_view(catalogue, snapshot, NOW),
        pad_view(catalogue, snapshot),
        panel_view(catalogue, snapshot, NOW),
        chip_view(catalogue, snapshot),
        strip_view(catalogue, snapshot, NOW),
        message_view(catalogue, snapshot, NOW),
        tuple((key.cap, key.label) for key in bar_view(catalogue, snapshot)),
        customer_view(catalogue, snapshot, NOW, NOW - 3000),
    )
    for text in _all_strings(views):
        assert not UNSAID.search(text), text
        assert not EMPTY_PLACE.search(text), text
