"""Blocks as frozen values that know their words (section 5). Numbers stay integers of the wire's units.

| purpose | content |
|---|---|
| set price | `F4`or`F5`, `F6 g`, `F7` price |
| preset | `F2` money or `F1` volume, [`F4`or`F5`], [`F6 g`], `F8` digits |
| choose price level | `F4` or `F5` alone |
| special function 010 | `FE`, digits 0 1 0 |
| transaction answer | `F1 F8 a i x x x`, `F6 g`, `F4`or`F5`, `F7` price, `F9` volume, `FA` money |
| totals answer | per grade `F6 g`, `F9` volume, `FA` money, `F4` price, `F5` price |
"""

from __future__ import annotations

from pos_client.protocols.dispenser.errors import RemoteProtocolError
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import BY_SALE, BY_TOTALS, Format
from pos_client.protocols.dispenser.gilbarco_two_wire.words import (
    DIGIT,
    Control,
    Field,
    digits,
    fields,
    host_block,
    nibble,
    pump_block,
)
from pos_client.value import dataclass

LEVELS = {1: Control.LEVEL_1, 2: Control.LEVEL_2}
_LEVEL_OF = {int(word): level for level, word in LEVELS.items()}
FUNCTION_WHICH_NOZZLE = 10
"""Its digits are 0 1 0 as they are written, and the same from behind."""


def _grade(grade: int) -> bytes:
    return bytes((Control.GRADE,)) + digits(grade, 1)


# ── host to pump ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SetPrice:
    """A price per unit. `grade` counts from 0; `count` is the number of digits."""

    level: int
    grade: int
    price: int
    count: int

    def to_bytes(self) -> bytes:
        """Wire form."""
        price = bytes((Control.PRICE,)) + digits(self.price, self.count)
        return host_block(bytes((LEVELS[self.level],)) + _grade(self.grade) + price)


@dataclass(frozen=True, slots=True)
class Preset:
    """A limit for the next sale; `is_money` or volume. 0 takes a preset back. `level`, `grade` None: not said."""

    is_money: bool
    value: int
    count: int
    level: int | None = None
    grade: int | None = None

    def to_bytes(self) -> bytes:
        """Wire form."""
        content = bytes((Control.PRESET_MONEY if self.is_money else Control.PRESET_VOLUME,))
        if self.level is not None:
            content += bytes((LEVELS[self.level],))
        if self.grade is not None:
            content += _grade(self.grade)
        return host_block(content + bytes((Control.VALUE,)) + digits(self.value, self.count))


@dataclass(frozen=True, slots=True)
class ChooseLevel:
    """The price level of the next sale."""

    level: int

    def to_bytes(self) -> bytes:
        """Wire form."""
        return host_block(bytes((LEVELS[self.level],)))


@dataclass(frozen=True, slots=True)
class SpecialFunction:
    """A special function of three digits."""

    function: int

    def to_bytes(self) -> bytes:
        """Wire form."""
        return host_block(bytes((Control.FUNCTION,)) + digits(self.function, 3))


HostBlock = SetPrice | Preset | ChooseLevel | SpecialFunction


def length_is_right(raw: bytes) -> bool:
    """Whether the DL of a host's block says how many words follow it."""
    return len(raw) > 1 and raw[1] == DIGIT + -(len(raw) - 2) % 16


def host_block_from(raw: bytes) -> HostBlock:
    """What a host says. Raises `RemoteProtocolError` (`control`, `lrc`, `digits`, `content`). DL is not looked at."""
    start, *rest = fields(raw)
    if len(start.words) != 1:
        raise RemoteProtocolError("content", "no length word after FF")
    level = _LEVEL_OF[rest.pop(0).control] if rest and rest[0].control in LEVELS.values() else None
    match rest:
        case [] if level is not None:
            return ChooseLevel(level)
        case [Field(Control.GRADE) as grade, Field(Control.PRICE) as price] if level is not None:
            return SetPrice(level, _digit(grade), price.value, len(price.words))
        case [Field(Control.FUNCTION, words)] if level is None and len(words) == 3:
            return SpecialFunction(rest[0].value)
        case [Field(Control.PRESET_MONEY | Control.PRESET_VOLUME as kind, b""), *details] if level is None:
            return _preset(kind == Control.PRESET_MONEY, details)
    raise RemoteProtocolError("content", "no block a host sends")


def _preset(is_money: bool, details: list[Field]) -> Preset:
    level = _LEVEL_OF[details.pop(0).control] if details and details[0].control in LEVELS.values() else None
    match details:
        case [Field(Control.VALUE) as value]:
            return Preset(is_money, value.value, len(value.words), level)
        case [Field(Control.GRADE) as grade, Field(Control.VALUE) as value]:
            return Preset(is_money, value.value, len(value.words), level, _digit(grade))
    raise RemoteProtocolError("content", "a preset without a value")


def _digit(field: Field) -> int:
    if len(field.words) != 1:
        raise RemoteProtocolError("content", f"{field.control:02X} is followed by {len(field.words)} digits")
    return field.value


# ── pump to host ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Transaction:
    """The last finished sale (in STOP the interrupted one). `grade` counts from 0.

    `pump`: as the answer says it (D: one program reads the hose there). `a` and `x`: meaning unknown, kept as they are.
    """

    pump: int
    grade: int
    level: int
    price: int
    volume: int
    money: int
    format: Format
    a: int = 0x0A
    x: tuple[int, int, int] = (0, 0, 0)

    def to_bytes(self) -> bytes:
        """Wire form."""
        about = bytes(DIGIT + each for each in (self.a, nibble(self.pump - 1), *self.x))
        return pump_block(
            bytes((Control.PRESET_VOLUME, Control.VALUE))
            + about
            + _grade(self.grade)
            + bytes((LEVELS[self.level], Control.PRICE))
            + digits(self.price, self.format.price)
            + bytes((Control.VOLUME,))
            + digits(self.volume, self.format.sale)
            + bytes((Control.MONEY,))
            + digits(self.money, self.format.sale)
        )


def transaction_from(raw: bytes) -> Transaction:
    """A transaction answer, read by its control words. Raises `RemoteProtocolError`."""
    found = {field.control: field for field in fields(raw)}
    level = next((_LEVEL_OF[each] for each in LEVELS.values() if each in found), None)
    try:
        about, grade = found[Control.VALUE].words, _digit(found[Control.GRADE])
        price, volume, money = found[Control.PRICE], found[Control.VOLUME], found[Control.MONEY]
    except KeyError as missing:
        raise RemoteProtocolError("content", f"a sale without {missing}") from None
    form = BY_SALE.get(len(money.words))
    if form is None or (len(price.words), len(volume.words)) != (form.price, form.sale) or level is None:
        raise RemoteProtocolError("content", "a sale in neither number format")
    if len(about) != 5:
        raise RemoteProtocolError("content", "a sale without its five leading words")
    a, i, *x = (word - DIGIT for word in about)
    return Transaction(i + 1, grade, level, price.value, volume.value, money.value, form, a, (x[0], x[1], x[2]))


@dataclass(frozen=True, slots=True)
class GradeTotals:
    """The meters of one grade (hose), counted from 0, and its prices."""

    grade: int
    volume: int
    money: int
    price_1: int
    price_2: int

    def price(self, level: int) -> int:
        """The price of a level."""
        return self.price_1 if level == 1 else self.price_2


@dataclass(frozen=True, slots=True)
class Totals:
    """All meters of a pump."""

    grades: tuple[GradeTotals, ...]
    format: Format

    def to_bytes(self) -> bytes:
        """Wire form."""
        content = b""
        for each in self.grades:
            content += _grade(each.grade)
            content += bytes((Control.VOLUME,)) + digits(each.volume, self.format.totals)
            content += bytes((Control.MONEY,)) + digits(each.money, self.format.totals)
            content += bytes((Control.LEVEL_1,)) + digits(each.price_1, self.format.price)
            content += bytes((Control.LEVEL_2,)) + digits(each.price_2, self.format.price)
        return pump_block(content)

    def of(self, nozzle: int) -> GradeTotals | None:
        """The meters of a nozzle, counted from 1."""
        return next((each for each in self.grades if each.grade == nozzle - 1), None)


_PER_GRADE = (Control.GRADE, Control.VOLUME, Control.MONEY, Control.LEVEL_1, Control.LEVEL_2)


def totals_from(raw: bytes) -> Totals:
    """A totals answer. Raises `RemoteProtocolError`."""
    _, *rest = fields(raw)
    form = BY_TOTALS.get(len(rest[1].words)) if len(rest) > 1 else None
    if form is None or len(rest) % len(_PER_GRADE):
        raise RemoteProtocolError("content", "totals in neither number format")
    sizes = (1, form.totals, form.totals, form.price, form.price)
    grades: list[GradeTotals] = []
    for at in range(0, len(rest), len(_PER_GRADE)):
        group = rest[at : at + len(_PER_GRADE)]
        if tuple(f.control for f in group) != _PER_GRADE or tuple(len(f.words) for f in group) != sizes:
            raise RemoteProtocolError("content", "totals whose fields are in disorder")
        grade, volume, money, price_1, price_2 = (f.value for f in group)
        grades.append(GradeTotals(grade, volume, money, price_1, price_2))
    if len({each.grade for each in grades}) != len(grades):
        raise RemoteProtocolError("content", "one grade twice")
    return Totals(tuple(grades), form)


def running_money(words: bytes) -> int:
    """The answer to `6p`: six or eight digit words, no frame, no check. Raises `RemoteProtocolError`."""
    if len(words) not in BY_SALE:
        raise RemoteProtocolError("length", f"{len(words)} digits of running money")
    found = Field(Control.MONEY, words)
    return found.value
