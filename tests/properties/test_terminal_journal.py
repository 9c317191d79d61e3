"""Every fact kind goes into the journal and comes out the same; nothing else comes out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pos_client.domain import facts as f
from pos_client.domain.journal import UnreadableFact, decode, encode
from tests.unit.domain.samples import any_fact


@settings(max_examples=400)
@given(any_fact())
def test_a_fact_comes_out_as_it_went_in(fact: f.Fact):
    kind, body = encode(fact)
    assert decode(kind, body) == fact
    assert encode(decode(kind, body)) == (kind, body)
    assert type(decode(kind, body)) is type(fact)


@settings(max_examples=300)
@given(any_fact(), st.integers(0, 10_000), st.integers(0, 255))
def test_a_damaged_row_is_unreadable_or_another_fact_but_never_an_accident(fact: f.Fact, where: int, byte: int):
    kind, body = encode(fact)
    damaged = bytearray(body)
    damaged[where % len(damaged)] = byte
    read_or_unreadable(kind, bytes(damaged))
    read_or_unreadable(kind, bytes(damaged[: where % len(damaged)]))


@given(st.sampled_from(sorted(f.KINDS)), st.binary(max_size=60))
def test_any_bytes_are_a_fact_or_unreadable(kind: str, body: bytes):
    read_or_unreadable(kind, body)


def read_or_unreadable(kind: str, body: bytes) -> None:
    try:
        fact = decode(kind, body)
    except UnreadableFact:
        return
    assert type(fact).__name__ == kind
