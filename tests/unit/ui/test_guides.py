"""The guides: both languages say the same, numbers come from the rules, and nobody is stuck in one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.services import snapshots as s
from pos_client.services.messages import KeypadKey
from pos_client.ui.customer.guide_steps import (
    BACK,
    CLOSE,
    NEXT,
    READ_MS,
    Reading,
    goes_on,
    guide_view,
    opened,
    touched,
)
from pos_client.ui.guides.book import GUIDES, read_guides
from pos_client.ui.guides.places import places
from tests.ui import sample as x
from tests.words import RESOURCES, words

FOLDER = RESOURCES / "guides"
PLACE = re.compile(r"\{(\w+)\}")
BOOKS = {language: read_guides(FOLDER, language) for language in ("vi", "en")}
KEYS = st.one_of(st.integers(0, 9), st.sampled_from(list(KeypadKey)))


def test_both_languages_have_the_same_guides_steps_pictures_and_places() -> None:
    for one, other in zip(BOOKS["vi"], BOOKS["en"], strict=True):
        assert one.name == other.name
        assert [step.picture for step in one.steps] == [step.picture for step in other.steps]
        assert [sorted(PLACE.findall(a.text)) for a in one.steps] == [
            sorted(PLACE.findall(b.text)) for b in other.steps
        ]
    assert tuple(guide.name for guide in BOOKS["vi"]) == GUIDES


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_number_stands_in_a_text_and_every_place_is_filled_from_the_rules(language: str) -> None:
    for guide in BOOKS[language]:
        for step in guide.steps:
            assert not re.search(r"[1-9]", PLACE.sub("", step.text)), step.text
        assert len(guide.told(places(x.terminal()))) == len(guide.steps)


def test_a_changed_rule_is_told_and_what_has_no_rule_is_left_out() -> None:
    individual = BOOKS["vi"][0]
    assert "cứ 10.000 đ được 50 điểm" in individual.told(places(x.terminal()))[2].text
    changed = replace(x.PROGRAMME, places={**x.PROGRAMME.places, "electronic_points": "70"})
    assert "cứ 10.000 đ được 70 điểm" in individual.told(places(x.terminal(programme=changed)))[2].text
    without = {name: value for name, value in places(x.terminal()).items() if name != "code_lives_s"}
    assert len(individual.told(without)) == len(individual.steps) - 1


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_picture_is_there(language: str) -> None:
    for guide in BOOKS[language]:
        for step in guide.steps:
            assert not step.picture or (FOLDER / "pictures" / f"{language}-{step.picture}.png").is_file()


@pytest.mark.parametrize("state", list(s.DialogueState))
def test_a_sale_that_needs_the_screen_ends_the_reading_at_once(state: s.DialogueState) -> None:
    reading = opened(x.NOW)
    reads_on = goes_on(reading, x.terminal(dialogue=x.dialogue(state)), x.NOW)
    assert reads_on == (state in {s.DialogueState.WELCOME, s.DialogueState.MIRROR})


def test_a_minute_without_a_touch_ends_it_and_each_touch_begins_a_new_one() -> None:
    reading = opened(x.NOW)
    assert goes_on(reading, x.terminal(), x.NOW + READ_MS - 1)
    assert not goes_on(reading, x.terminal(), x.NOW + READ_MS)
    later = touched(reading, 2, [3, 4, 5], x.NOW + 50_000)
    assert later == Reading(x.NOW + 50_000 + READ_MS, guide=1)
    assert not goes_on(None, x.terminal(), x.NOW)


def test_through_a_guide_and_back() -> None:
    reading: Reading | None = opened(0)
    seen = []
    for key in (1, NEXT, NEXT, BACK, NEXT, NEXT):
        assert reading is not None
        reading = touched(reading, key, [3, 4, 5], 0)
        assert reading is not None
        seen.append((reading.guide, reading.step))
    assert seen == [(0, 0), (0, 1), (0, 2), (0, 1), (0, 2), (None, 0)]
    assert touched(opened(0), CLOSE, [3, 4, 5], 0) is None


@given(st.lists(KEYS, max_size=30))
def test_whatever_is_touched_there_is_a_page_with_a_way_out(keys: list[int | KeypadKey]) -> None:
    told = [guide.told(places(x.terminal())) for guide in BOOKS["vi"]]
    reading: Reading | None = opened(0)
    for key in keys:
        if reading is None:
            return
        view = guide_view(words("vi"), BOOKS["vi"], told, reading, 0)
        assert view.title
        assert CLOSE in [key.key for key in view.keys]
        reading = touched(reading, key, [len(steps) for steps in told], 0)
