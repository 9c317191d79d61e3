"""Whole numbers as words, to be heard: Vietnamese and English, 0 up to 999 999 999 999.

Vietnamese says the last one of several tens "mốt", its four "tư" and its five "lăm", puts "linh" where tens are
missing, and says the hundreds of every group but the first even when there are none, so that 1 005 is not heard as
1 500.
"""

from __future__ import annotations

MOST = 10**12 - 1
_VIETNAMESE = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_ENGLISH = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_LAST = {1: "mốt", 4: "tư", 5: "lăm"}
"""The last digit after two tens or more; after one ten only five is said otherwise."""
_GROUPS = {
    "vi": ("tỷ", "triệu", "nghìn", ""),
    "en": ("billion", "million", "thousand", ""),
}


def in_words(number: int, language: str) -> str:
    """`number` in "vi" or "en". Raises `ValueError` for a number that is negative or too large to be said."""
    if not 0 <= number <= MOST:
        raise ValueError(number)
    if number == 0:
        return "không" if language == "vi" else "zero"
    said: list[str] = []
    for place, name in zip((3, 2, 1, 0), _GROUPS[language], strict=True):
        group = number // 1000**place % 1000
        if group:
            words = (
                _vietnamese(group, first=not said)
                if language == "vi"
                else _english(group, last_of_more=bool(said) and place == 0)
            )
            said += [words, name] if name else [words]
    return " ".join(said)


def _vietnamese(group: int, *, first: bool) -> str:
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    said: list[str] = []
    if hundreds or not first:
        said += [_VIETNAMESE[hundreds], "trăm"]
    if tens > 1:
        said += [_VIETNAMESE[tens], "mươi"]
    elif tens == 1:
        said.append("mười")
    elif ones and said:
        said.append("linh")
    if ones:
        after_tens = tens > 1 or (tens == 1 and ones == 5)
        said.append(_LAST.get(ones, _VIETNAMESE[ones]) if after_tens else _VIETNAMESE[ones])
    return " ".join(said)


def _english(group: int, *, last_of_more: bool) -> str:
    hundreds, rest = divmod(group, 100)
    said = [_ENGLISH[hundreds], "hundred"] if hundreds else []
    if rest:
        if said or last_of_more:
            said.append("and")
        tens, ones = divmod(rest, 10)
        said.append(_ENGLISH[rest] if rest < 20 else f"{_TENS[tens]}-{_ENGLISH[ones]}" if ones else _TENS[tens])
    return " ".join(said)
