"""Mistakes made on purpose, each by name: a checker that lets one through proves nothing.

Each is a replacement of a few lines of the product (or of head office, where the mistake is the protocol's), put there
for one run. `Any` in the signatures: a replacement takes whatever the original took.
"""

from __future__ import annotations

from pos_client.bootstrap.simulate.mutants import (
    at_central,
    at_the_counter,
    at_the_forecourt,
    at_the_pump,
    at_the_voucher,
    in_the_books,
    in_the_stream,
    on_the_way,
)
from pos_client.bootstrap.simulate.mutants.mutant import MUTANTS, Mutant, applied

PLACES = (
    at_central,
    at_the_counter,
    at_the_forecourt,
    at_the_pump,
    at_the_voucher,
    in_the_books,
    in_the_stream,
    on_the_way,
)
"""The modules that enter them."""

__all__ = ["MUTANTS", "PLACES", "Mutant", "applied"]
