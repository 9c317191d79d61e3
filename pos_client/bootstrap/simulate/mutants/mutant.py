"""What a mutant is: a name, a sentence, and the replacements that make the mistake for as long as it is applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from pos_client.value import dataclass

Replace = Callable[[object, str, Any], None]
"""owner (a class or a module), attribute, what stands there instead"""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake."""

    name: str
    says: str
    make: Callable[[Replace], None]


MUTANTS: dict[str, Mutant] = {}


def mutant(name: str, says: str) -> Callable[[Callable[[Replace], None]], Callable[[Replace], None]]:
    """Enter a mistake under its name."""

    def enter(make: Callable[[Replace], None]) -> Callable[[Replace], None]:
        MUTANTS[name] = Mutant(name, says, make)
        return make

    return enter


@contextmanager
def applied(name: str | None) -> Iterator[None]:
    """The product with that mistake in it; with None, as it is. Raises `KeyError` for a name nobody knows."""
    with ExitStack() as stack:
        if name is not None:

            def replace(owner: object, attribute: str, value: Any) -> None:
                stack.enter_context(patch.object(owner, attribute, value))

            MUTANTS[name].make(replace)
        yield
