"""What the blocks say, as fields of raw numbers and a sentence for a technician."""

from __future__ import annotations

from pos_client.protocols.dispenser.descriptions import Description, field
from pos_client.protocols.dispenser.gilbarco_two_wire import blocks as b
from pos_client.protocols.dispenser.gilbarco_two_wire.nozzle_query import nozzle_answer_from
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """`pump`: where the block names one itself."""

    name: str
    fields: list[Description]
    meaning: str
    pump: int | None = None


def read_sale(raw: bytes) -> Told:
    """A transaction answer. Raises `RemoteProtocolError`, as all of these do."""
    sale = b.transaction_from(raw)
    fields = _fields(
        grade=sale.grade,
        nozzle=sale.grade + 1,
        level=sale.level,
        price=sale.price,
        volume=sale.volume,
        amount=sale.money,
    )
    meaning = f"sale at nozzle {sale.grade + 1}: price {sale.price}, volume {sale.volume}, amount {sale.money}"
    return Told("transaction", fields, meaning, sale.pump)


def read_totals(raw: bytes) -> Told:
    """A totals answer: six fields for each grade, in the pump's order."""
    fields: list[Description] = []
    sentences = []
    for each in b.totals_from(raw).grades:
        nozzle = each.grade + 1
        fields += _fields(
            grade=each.grade,
            nozzle=nozzle,
            total=each.volume,
            total_amount=each.money,
            price_1=each.price_1,
            price_2=each.price_2,
        )
        prices = f"prices {each.price_1} / {each.price_2}"
        sentences.append(f"nozzle {nozzle}: total {each.volume}, total amount {each.money}, {prices}")
    return Told("totals", fields, "; ".join(sentences))


def read_nozzle_answer(raw: bytes) -> Told:
    """The answer to special function 010. `details`: index 10 to 13, of which only some is known."""
    answer = nozzle_answer_from(raw)
    meaning = f"nozzle {answer.hose} is out" if answer.hose else "no nozzle is out"
    total_digit, details = int(answer.details[0], 16), int(answer.details[1:], 16)
    fields = _fields(function=b.FUNCTION_WHICH_NOZZLE, nozzle_out=answer.hose, total_digit=total_digit, details=details)
    return Told("nozzle_answer", fields, meaning, answer.pump)


def read_host_block(raw: bytes) -> Told:
    """A block of ours."""
    block = _host_block(b.host_block_from(raw))
    if b.length_is_right(raw):
        return block
    return Told(block.name, block.fields, f"{block.meaning} (its length word is wrong)")


def _host_block(block: b.HostBlock) -> Told:
    match block:
        case b.SetPrice(level, grade, price, _):
            fields = _fields(level=level, grade=grade, nozzle=grade + 1, price=price)
            return Told("price", fields, f"price {level} of nozzle {grade + 1} = {price}")
        case b.Preset(is_money, value, _, level, grade):
            kind = "amount" if is_money else "volume"
            nozzle = None if grade is None else grade + 1
            fields = _fields(level=level, grade=grade, nozzle=nozzle, **{f"preset_{kind}": value})
            return Told("preset", fields, f"preset {kind} {value}" + (f" for nozzle {nozzle}" if nozzle else ""))
        case b.ChooseLevel(level):
            return Told("level", _fields(level=level), f"price level {level}")
        case b.SpecialFunction(function):
            return Told("function", _fields(function=function), f"special function {function:03d}")


def _fields(**values: int | None) -> list[Description]:
    return [field(name, value) for name, value in values.items() if value is not None]
