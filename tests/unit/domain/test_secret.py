"""I10: the buffer of a PIN gives nothing away and is overwritten."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from pos_client.domain.identifiers import RedemptionId
from pos_client.domain.secret import MAX_DIGITS, SecretDigits
from pos_client.ports.central import Verify


def typed(digits: str) -> SecretDigits:
    secret = SecretDigits()
    for digit in digits:
        secret.push(int(digit))
    return secret


def test_what_was_typed_is_revealed_to_the_sealer_alone():
    secret = typed("0246")
    assert secret.reveal() == b"0246"
    assert len(secret) == 4


def test_the_revealed_copy_is_the_callers_own():
    secret = typed("1234")
    shown = secret.reveal()
    shown[:] = b"0000"
    assert secret.reveal() == b"1234"


def test_no_text_of_it_shows_a_digit():
    secret = typed("975310")
    for text in (repr(secret), str(secret), f"{secret}", f"{secret!r:>40}", repr([secret]), repr({"pin": secret})):
        assert not any(character.isdigit() for character in text)


@pytest.mark.parametrize("how", [pickle.dumps, copy.copy, copy.deepcopy])
def test_it_is_neither_pickled_nor_copied(how: Callable[[SecretDigits], Any]):
    with pytest.raises(TypeError, match="secret"):
        how(typed("1234"))


def test_a_call_that_carries_it_is_not_dumped_either():
    call = Verify(RedemptionId("r"), 1, "c", 100, typed("975310"))
    assert "975310" not in repr(call)
    with pytest.raises(TypeError, match="secret"):
        asdict(call)


def test_a_wiped_buffer_is_zero_and_may_be_used_again():
    secret = typed("987654")
    buffer = secret._digits
    secret.wipe()
    assert not any(buffer)
    assert len(secret) == 0
    secret.push(1)
    assert secret.reveal() == b"1"


def test_a_digit_taken_back_is_overwritten():
    secret = typed("98")
    secret.drop_last()
    secret.drop_last()
    secret.drop_last()
    assert not any(secret._digits)


def test_the_buffer_never_moves():
    secret = SecretDigits()
    buffer = secret._digits
    for _ in range(MAX_DIGITS + 5):
        secret.push(9)
    assert len(secret) == MAX_DIGITS
    assert secret._digits is buffer
    assert len(buffer) == MAX_DIGITS


@pytest.mark.parametrize("wrong", [-1, 10, 57])
def test_only_digits_go_in(wrong: int):
    with pytest.raises(ValueError, match="a digit is"):
        SecretDigits().push(wrong)
