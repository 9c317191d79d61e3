"""What contradicts what in settings whose values are right one by one: a nozzle mapped twice, a price no pump can show.

A nozzle is an address on a wire. It is mapped twice when two points have one address on a line, when one point stands
on two lines, and when two lines are one wire: the same port, however it is written, or the same adapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from pos_client.domain.keypad import KeypadIdentity, KeypadKind
from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.settings import options as o
from pos_client.settings.faults import Fault, between
from pos_client.settings.line_options import parse_options
from pos_client.value import dataclass

Tree = dict[str, Any]
"""Settings as tables and lists, holding only values that are right by themselves."""

_WINDOWS_PORT = re.compile(r"(?:\\\\\.\\)?(COM[0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Pump:
    """A point with its line."""

    place: str
    line: Tree
    point: Tree

    @property
    def decimals(self) -> int:
        return int(self.point.get("price_decimals", 0))

    @property
    def sells(self) -> tuple[str, ...]:
        return tuple(self.point.get("nozzles", ()))


def contradictions(tree: Tree) -> Iterator[Fault]:
    """Every one of them."""
    lines = [(f"lines[{n}]", line) for n, line in enumerate(tree["lines"])]
    pumps = [_Pump(f"{at}.points[{n}]", line, p) for at, line in lines for n, p in enumerate(line["points"])]
    yield from _about_lines(lines, pumps)
    yield from _about_grades(tree, pumps)
    yield from _about_prices(tree, pumps)
    yield from _about_the_counter(tree)
    yield from _about_the_bank(tree["bank"])
    yield from _about_training(tree)
    yield from _about_staff(tree)
    yield from _about_ports(tree)
    yield from _about_the_keypad(tree["keypad"])
    central = tree["central"]
    read, whole = central.get("read_timeout_ms"), central.get("operation_timeout_ms")
    if read is not None and whole is not None and whole < read:
        yield Fault("central.operation_timeout_ms", "shorter_than_one_try", (("minimum", read),))


# ── lines and points ────────────────────────────────────────────────────────────────────────────────────────────────


def _about_lines(lines: list[tuple[str, Tree]], pumps: list[_Pump]) -> Iterator[Fault]:
    yield from _twice((f"{at}.name", line.get("name"), line.get("name")) for at, line in lines)
    yield from _twice((f"{at}.port", _wire(line.get("port")), line.get("port")) for at, line in lines)
    yield from _twice((f"{at}.identity", line.get("identity") or None, line.get("identity")) for at, line in lines)
    yield from _twice((f"{p.place}.point", p.point.get("point"), p.point.get("point")) for p in pumps)
    for at, line in lines:
        its = [p for p in pumps if p.line is line]
        yield from _twice((f"{p.place}.address", p.point.get("address"), p.point.get("address")) for p in its)
        for word in (
            parse_options(line.get("protocol", ""), line.get("options", "")).wrong if "protocol" in line else ()
        ):
            yield Fault(f"{at}.options", word.code, (("word", word.word), ("allowed", word.allowed)))
        for pump in its:
            yield from _wrong_address(f"{pump.place}.address", line.get("protocol"), pump.point.get("address"))


def _wire(port: str | None) -> str | None:
    """A port as what it is: Windows knows COM3 as com3 too, and an address may end in a slash."""
    if port is None:
        return None
    windows = _WINDOWS_PORT.fullmatch(port)
    return windows[1].upper() if windows else port.rstrip("/") if "://" in port else port


def _wrong_address(place: str, protocol: str | None, address: int | None) -> Iterator[Fault]:
    if protocol is None or address is None:
        return
    low, high = o.ADDRESSES[protocol]
    if not low <= address <= high:
        yield Fault(place, "wrong_address", (("protocol", protocol), *between(low, high)))


# ── grades and prices ───────────────────────────────────────────────────────────────────────────────────────────────


def _about_grades(tree: Tree, pumps: list[_Pump]) -> Iterator[Fault]:
    grades = tree["grades"]
    yield from _twice((f"grades[{n}].code", g.get("code"), g.get("code")) for n, g in enumerate(grades))
    prices = {grade.get("code"): grade.get("unit_price") for grade in grades}
    for pump in pumps:
        for n, code in enumerate(pump.sells):
            if code not in prices:
                yield Fault(f"{pump.place}.nozzles[{n}]", "unknown_grade", (("grade", code),))
        for code in dict.fromkeys(pump.sells):
            yield from _cannot_show(f"{pump.place}.price_decimals", pump, code, prices.get(code))


def _about_prices(tree: Tree, pumps: list[_Pump]) -> Iterator[Fault]:
    known = {grade.get("code") for grade in tree["grades"]}
    prices = [(f"prices[{n}]", price) for n, price in enumerate(tree["prices"])]
    for at, price in prices:
        code = price.get("grade")
        if code is not None and code not in known:
            yield Fault(f"{at}.grade", "unknown_grade", (("grade", code),))
        sellers = [pump for pump in pumps if code in pump.sells]
        shown = (_cannot_show(f"{at}.unit_price", pump, str(code), price.get("unit_price")) for pump in sellers)
        yield from dict.fromkeys(fault for faults in shown for fault in faults)
    yield from _twice(
        (f"{at}.effective_from", (price["grade"], _instant(price)), f"{price['grade']} {price['effective_from']}")
        for at, price in prices
        if price.keys() >= {"grade", "effective_from"}
    )


def _instant(price: Tree) -> datetime:
    """Two ways to write one moment are one moment."""
    return datetime.fromisoformat(price["effective_from"])


def _cannot_show(place: str, pump: _Pump, code: str, price: int | None) -> Iterator[Fault]:
    """A price between two steps of a dispenser that counts in tens, or with more digits than it has."""
    if price is None:
        return
    step = int(10**-pump.decimals) if pump.decimals < 0 else 1
    if price % step:
        yield Fault(place, "price_between_steps", (("grade", code), ("step", step)))
        return
    offered = PROTOCOLS.get(pump.line.get("protocol", ""))
    digits = offered.price_digits(pump.line.get("options", "")) if offered is not None else 0
    if offered is not None and price * int(10 ** max(pump.decimals, 0)) // step >= 10**digits:
        yield Fault(place, "price_too_long", (("grade", code), ("digits", digits)))


# ── the counter ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _about_the_counter(tree: Tree) -> Iterator[Fault]:
    counter, own = tree["counter"], tree["station"].get("terminal")
    for key in ("quick_presets", "tills"):
        yield from _twice((f"counter.{key}[{n}]", each, each) for n, each in enumerate(counter.get(key, ())))
    for n, till in enumerate(counter.get("tills", ())):
        if till == own:
            yield Fault(f"counter.tills[{n}]", "own_till", (("till", till),))


def _about_the_bank(bank: Tree) -> Iterator[Fault]:
    """Money goes to an account of a bank; one without the other goes nowhere."""
    if bank.get("bank_bin") and bank.get("account") == "":
        yield Fault("bank.account", "bank_half")
    if bank.get("account") and bank.get("bank_bin") == "":
        yield Fault("bank.bank_bin", "bank_half")


def _about_training(tree: Tree) -> Iterator[Fault]:
    """Who trains has no key of the real till, and no copy of his books where a real till's may lie."""
    if tree["station"].get("training") and tree.get("secrets_backend") != o.SANDBOX_SECRETS:
        yield Fault("station.training", "training_is_the_sandboxs")
    if tree["station"].get("training") and tree["books"].get("mirror_folder"):
        yield Fault("books.mirror_folder", "training_is_the_sandboxs")


def _about_ports(tree: Tree) -> Iterator[Fault]:
    """A scanner or a keypad on a dispenser's wire would read litres; two of them on one port, each other."""
    wires = {_wire(line["port"]): f"lines[{n}].port" for n, line in enumerate(tree["lines"]) if line.get("port")}
    target = tree["printer"].get("target", "")
    if target.startswith("serial:"):
        wires.setdefault(_wire(target.removeprefix("serial:").partition("?")[0]), "printer.target")
    for device in ("scanner", "keypad"):
        port = tree[device].get("port")
        if port and (first := wires.setdefault(_wire(port), f"{device}.port")) != f"{device}.port":
            yield Fault(f"{device}.port", "duplicate", (("value", port), ("first", first)))


def _about_the_keypad(keypad: Tree) -> Iterator[Fault]:
    """What is said of a keypad has to be about the kind that is chosen."""
    kind, identity, port = (keypad.get(key) for key in ("kind", "identity", "port"))
    if kind is None or identity is None or port is None:
        return
    is_usb = KeypadIdentity.parse(identity) is not None
    if kind == KeypadKind.USB and not is_usb:
        yield Fault("keypad.identity", "keypad_not_paired")
    if kind == KeypadKind.SERIAL and is_usb:
        yield Fault("keypad.identity", "keypad_of_usb")
    if kind == KeypadKind.SERIAL and not port:
        yield Fault("keypad.port", "keypad_without_port")
    if kind != KeypadKind.SERIAL and port:
        yield Fault("keypad.port", "keypad_not_serial")
    if kind == KeypadKind.SCREEN and identity:
        yield Fault("keypad.identity", "keypad_on_screen")
    if kind != KeypadKind.SCREEN and keypad.get("shuffled"):
        yield Fault("keypad.shuffled", "keypad_not_on_screen")


def _about_staff(tree: Tree) -> Iterator[Fault]:
    yield from _twice(
        (f"staff[{n}].number", each.get("number"), each.get("number")) for n, each in enumerate(tree["staff"])
    )


def _twice(places: Iterable[tuple[str, Any, Any]]) -> Iterator[Fault]:
    """A fault at each place that means what an earlier one means: (place, meaning, as it is written)."""
    first: dict[Any, str] = {}
    for place, meaning, written in places:
        if meaning is not None and first.setdefault(meaning, place) != place:
            yield Fault(place, "duplicate", (("value", written), ("first", first[meaning])))
