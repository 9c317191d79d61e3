"""`pos-client contract --against URL`: the reference keeps every promise; who breaks one is found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import bindparam

from pos_client.bootstrap.arguments import parse
from pos_client.bootstrap.conformance.promises import LAST, PROMISES
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.voucher_messages import OfflineSpendAnswer
from pos_client.sandbox.central import service
from pos_client.sandbox.central.idempotency import Reply
from pos_client.sandbox.central.ledger import accruals, journal, offline_redemptions, redemption_timers, redemptions
from pos_client.sandbox.central.ledger.outcome import Answer
from pos_client.sandbox.central.rendering import render
from pos_client.sandbox.central.signatures import PermitSigner
from pos_client.sandbox.central.storage import tables
from tests.central import RunningCentral, running_central

OFFLINE = OfflineSpendAnswer(state="CAPTURED", points_debited=900, points_released=100, balance_after=1)


@pytest.fixture
def central() -> Iterator[RunningCentral]:
    with running_central(seed=11) as running:
        yield running


def against(central: RunningCentral, *more: str) -> int:
    code = central.control("POST", "/control/enrolment-codes", {"station": "CHXD018", "terminal": "T8"})["code"]
    voucher = ("--voucher", "P-00231", "--voucher-pin", "135790")
    asked = ["contract", "--against", central.addresses.url, "--pin", "246813", "--code", code]
    arguments = parse([*asked, *(voucher if not more else ()), *more])
    return arguments.run(arguments)


def test_the_reference_keeps_every_promise(central: RunningCentral, capsys: pytest.CaptureFixture[str]):
    assert against(central) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == ["kept"] * len((*PROMISES, *LAST))
    before = central.account("000200001")
    assert (before["available"], before["held"]) == (2_450_000, 0), "a trial leaves the customer as he was"


def forget_keys(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(service, "once", lambda book, terminal, key, digest, decide: Reply(*render(decide())))


def leave_no_tombstone(patch: pytest.MonkeyPatch) -> None:
    void = redemptions.void

    def forgetful(book, name, terminal, request):
        return (
            void(book, name, terminal, request)
            if redemption_timers.load(book, name)
            else Answer(m.VoidAnswer(state="X"))
        )

    patch.setattr(redemptions, "void", forgetful)


def debit_too_little(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(redemptions, "min", lambda *amounts: min(amounts) - 1, raising=False)


def pay_twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(accruals, "_KNOWN", accruals._KNOWN.where(tables.accruals.c.id == bindparam("accrual")))


def hold_two_books(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(journal, "_agree", lambda *_: True)


def spend_a_voucher_twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(offline_redemptions, "_decide", lambda book, name, voucher, stated: OFFLINE)


@pytest.mark.parametrize(
    ("mistake", "promise"),
    [
        (hold_two_books, "Takes another row"),
        (spend_a_voucher_twice, "Records fuel for a voucher it never signed"),
        (forget_keys, "Answers the same request under the same key"),
        (leave_no_tombstone, "Remembers the void"),
        (debit_too_little, "Counts a wrong secret once"),
    ],
)
def test_who_breaks_a_promise_is_told_which(
    central: RunningCentral,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    mistake: Callable[[pytest.MonkeyPatch], None],
    promise: str,
):
    mistake(monkeypatch)
    assert against(central) == 1
    broken = [line for line in capsys.readouterr().out.splitlines() if line.startswith("BROKEN")]
    assert any(promise in line for line in broken), broken


@pytest.mark.log_expected("the same sale twice breaks a unique index: the reference says 500, as it should")
def test_two_credits_for_one_sale_are_found_out(central: RunningCentral, monkeypatch, capsys):
    pay_twice(monkeypatch)
    assert against(central) == 1
    assert "BROKEN  Credits a sale once" in capsys.readouterr().out


def test_a_permit_signed_by_somebody_else_is_none(central: RunningCentral, monkeypatch, capsys):
    right = PermitSigner.sign
    monkeypatch.setattr(PermitSigner, "sign", lambda self, body: right(PermitSigner(bytes(32)), body))
    assert against(central) == 1
    assert "permit_unverifiable" in capsys.readouterr().out


def test_nobody_there_is_said_and_ends_it(capsys: pytest.CaptureFixture[str]):
    arguments = parse(["contract", "--against", "http://127.0.0.1:9", "--pin", "246813"])
    assert arguments.run(arguments) == 1
    assert capsys.readouterr().out.startswith("BROKEN  Enrols a till")


def test_what_nobody_gave_us_is_not_tried_and_breaks_nothing(central: RunningCentral, capsys):
    assert against(central, "--grade", "E10-95-III") == 0
    told = capsys.readouterr().out
    assert "untried  Signs a voucher" in told
    assert "--voucher-pin" in told
