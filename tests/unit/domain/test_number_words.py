"""Numbers as they are heard; a listener that knows the rules the other way round hears the same number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.number_words import MOST, in_words

_VIETNAMESE = {
    **{"không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9},
    **{"mốt": 1, "tư": 4, "lăm": 5},
}
_ENGLISH = {
    **{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9},
    **{"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16},
    **{"seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
    **{"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90},
}
_SCALES = {"nghìn": 1000, "triệu": 10**6, "tỷ": 10**9, "thousand": 1000, "million": 10**6, "billion": 10**9}


def heard(words: str) -> int:
    """The number somebody understands who hears the words one after the other."""
    total = group = digit = 0
    for word in words.replace("-", " ").split():
        if word in _SCALES:
            total += (group + digit) * _SCALES[word]
            group = digit = 0
        elif word in ("trăm", "hundred"):
            group, digit = group + digit * 100, 0
        elif word == "mươi":
            group, digit = group + digit * 10, 0
        elif word == "mười":
            group += 10
        elif word in ("linh", "and"):
            pass
        elif word in _VIETNAMESE:
            digit = _VIETNAMESE[word]
        else:
            digit += _ENGLISH[word]
    return total + group + digit


@pytest.mark.parametrize(
    ("number", "vietnamese", "english"),
    [
        (0, "không", "zero"),
        (4, "bốn", "four"),
        (10, "mười", "ten"),
        (11, "mười một", "eleven"),
        (14, "mười bốn", "fourteen"),
        (15, "mười lăm", "fifteen"),
        (21, "hai mươi mốt", "twenty-one"),
        (24, "hai mươi tư", "twenty-four"),
        (55, "năm mươi lăm", "fifty-five"),
        (101, "một trăm linh một", "one hundred and one"),
        (111, "một trăm mười một", "one hundred and eleven"),
        (450, "bốn trăm năm mươi", "four hundred and fifty"),
        (1_005, "một nghìn không trăm linh năm", "one thousand and five"),
        (1_500, "một nghìn năm trăm", "one thousand five hundred"),
        (95_400, "chín mươi lăm nghìn bốn trăm", "ninety-five thousand four hundred"),
        (1_000_000, "một triệu", "one million"),
        (
            1_204_500,
            "một triệu hai trăm linh bốn nghìn năm trăm",
            "one million two hundred and four thousand five hundred",
        ),
        (2_000_000_021, "hai tỷ không trăm hai mươi mốt", "two billion and twenty-one"),
    ],
)
def test_as_people_say_it(number: int, vietnamese: str, english: str) -> None:
    assert in_words(number, "vi") == vietnamese
    assert in_words(number, "en") == english


@given(st.one_of(st.integers(0, MOST), st.integers(0, 99_999), st.integers(0, 999).map(lambda n: n * 1_000_000)))
def test_who_hears_it_understands_the_same_number(number: int) -> None:
    for language in ("vi", "en"):
        said = in_words(number, language)
        assert heard(said) == number
        assert not any(char.isdigit() for char in said)
        assert "  " not in said


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_no_two_numbers_sound_alike(one: int, other: int) -> None:
    for language in ("vi", "en"):
        assert (in_words(one, language) == in_words(other, language)) == (one == other)


@pytest.mark.parametrize("number", [-1, MOST + 1])
def test_what_cannot_be_said_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        in_words(number, "vi")
