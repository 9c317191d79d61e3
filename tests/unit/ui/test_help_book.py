"""The book of help: every screen has its chapter, in both languages, and no chapter names a key that is not there."""

from __future__ import annotations

import re
import string
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.vietqr import plain
from pos_client.ui.help.book import found, read_book
from pos_client.ui.help.topics import WRITTEN, Topic
from pos_client.ui.keys import Key
from pos_client.ui.more.availability import Counter
from pos_client.ui.more.steps import Ask, Step, choices
from pos_client.ui.shell.hands import Front
from pos_client.ui.shell.keyboard import _PRESSED, OPENS
from pos_client.ui.shell.looking import Looking
from pos_client.ui.shell.topics import keys_of, topic_of
from pos_client.ui.shift.keys import Tab
from pos_client.ui.technician.sides import Side
from tests.ui import sample as x
from tests.ui.gallery import CASHIER
from tests.words import RESOURCES, words

BOOKS = {code: read_book(RESOURCES / "help" / f"{code}.toml") for code in ("vi", "en")}
NO_SCREENS = {
    Topic.CUSTOMER,
    Topic.PRINTER,
    Topic.NETWORK,
    Topic.LANGUAGE,
    Topic.TRAINING,
    Topic.ASSISTANT,
    Topic.START,
}
"""Asked about on every screen; they have no keys of the cashier's."""
SNAPSHOTS = [snapshot for snapshot in CASHIER.values() if snapshot is not None]
TRADE = {"otp", "pin", "qr", "petrolimex", "id", "usb", "csv", "excel", "pdf", "vietqr", "pos-client", "staff-pin"}
"""Words that are the same in both languages."""
CAPS = {"pause", "space", "enter", "ctrl", "pgup", "pgdn"}


def _looks() -> list[Looking]:
    """Everything that can be in front."""
    return [
        Looking(),
        Looking(snapshot=x.terminal()),
        Looking(snapshot=x.selling()),
        *(Looking(snapshot=snapshot) for snapshot in SNAPSHOTS),
        *(Looking(snapshot=x.terminal(), step=Step(ask)) for ask in Ask),
        Looking(snapshot=x.terminal(), identifying=True),
        *(Looking(Front.SHIFT, x.terminal(), tab=tab) for tab in Tab),
        *(Looking(Front.TECHNICIAN, x.terminal(), side=side) for side in Side),
        *(Looking(front, x.terminal()) for front in (Front.OPERATIONS, Front.RECORDS, Front.RADAR)),
    ]


def test_every_screen_has_a_chapter_with_keys() -> None:
    asked = {topic_of(look) for look in _looks()}
    assert asked == set(WRITTEN) - NO_SCREENS
    for topic, look in {topic_of(look): look for look in _looks()}.items():
        for code, book in BOOKS.items():
            assert book[topic].what
            assert book[topic].wrong
            assert keys_of(topic, words(code), look), topic


@pytest.mark.parametrize("code", ["vi", "en"])
def test_nothing_in_a_book_is_empty_and_no_table_is_nobodys(code: str) -> None:
    tables = tomllib.loads((RESOURCES / "help" / f"{code}.toml").read_text("utf-8"))
    assert set(tables) == set(WRITTEN)
    for chapter in BOOKS[code].values():
        for text in (chapter.title, chapter.find, *chapter.what, *(t for pair in chapter.wrong for t in pair)):
            assert text
            assert text == text.strip()
            assert not list(filter(None, (name for _, name, _, _ in string.Formatter().parse(text))))


def test_both_books_say_as_much() -> None:
    vi, en = BOOKS["vi"], BOOKS["en"]
    for topic in WRITTEN:
        assert len(vi[topic].what) == len(en[topic].what), topic
        assert len(vi[topic].wrong) == len(en[topic].wrong), topic
        assert _keys_named(vi[topic].text) == _keys_named(en[topic].text), topic


def _keys_named(text: str) -> set[tuple[str, str]]:
    return set(re.findall(r"\b(F\d{1,2})(?: ([A-Z])\b)?", text))


def test_every_key_a_chapter_names_exists() -> None:
    letters = {
        choice.key for snapshot in SNAPSHOTS for choice in choices(Step(Ask.MENU), snapshot, Counter(tills=("T2",)))
    }
    for book in BOOKS.values():
        for chapter in book.values():
            for key, letter in _keys_named(chapter.text):
                assert key.lower() in set(Key), (chapter.title, key)
                assert not letter or (key == "F12" and letter in letters), (chapter.title, key, letter)


def test_no_english_word_stands_in_the_vietnamese_book() -> None:
    """A word of the English book that is also written in the Vietnamese one is a word of the trade, or was forgotten;
    short ones may be Vietnamese as well ("an", "in", "to")."""
    english = set(re.findall(r"[a-z][a-z-]{3,}", " ".join(c.text for c in BOOKS["en"].values()).lower()))
    vietnamese = set(re.findall(r"(?<![^\W\d_-])[a-z][a-z-]{3,}(?![^\W\d_-])", _vietnamese()))
    assert (english & vietnamese) - TRADE - CAPS == set()


def _vietnamese() -> str:
    """But for what people may type to find it."""
    return " ".join(c.text.replace(c.find, "") for c in BOOKS["vi"].values()).lower()


def test_help_names_the_keys_the_cashier_has() -> None:
    """The tables the keyboard obeys on one hand, what help lists on the other."""
    catalogue, look = words("vi"), Looking(snapshot=x.selling())
    listed = {
        key.name for topic in (Topic.HOME, Topic.SALE, Topic.POINTS) for key in keys_of(topic, catalogue, look)
    } - {"", "0-9", "e", "l"}
    assert listed == {key.value for key in (*_PRESSED, *OPENS, Key.PAUSE, Key.ENTER, Key.F1)}


def test_the_strips_letters_are_those_it_offers() -> None:
    for snapshot in SNAPSHOTS:
        look = Looking(snapshot=snapshot)
        offered = {choice.key for choice in choices(Step(Ask.MENU), snapshot, look.counter)}
        assert {key.cap for key in keys_of(Topic.MORE, words("vi"), look)} >= offered


def test_a_topic_is_found_with_and_without_marks() -> None:
    vi = BOOKS["vi"]
    assert found(vi, "máy in")[0] is Topic.PRINTER
    assert found(vi, "MAY IN")[0] is Topic.PRINTER
    assert found(vi, "doi gia")[0] is Topic.PRICES
    assert found(vi, "đổi giá")[0] is Topic.PRICES
    assert found(vi, "") == WRITTEN
    assert found(vi, "không có từ này xyzzy") == ()


@given(st.text(max_size=60))
def test_whatever_is_typed_finds_what_holds_it(typed: str) -> None:
    book = BOOKS["vi"]
    expected = {t for t in WRITTEN if all(w in plain(book[t].text).casefold() for w in plain(typed).casefold().split())}
    assert set(found(book, typed)) == expected
