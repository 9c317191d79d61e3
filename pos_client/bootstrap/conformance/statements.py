"""What a central promises of statements: claims together, a shift, signed vouchers, bundles, the journal."""

from __future__ import annotations

from dataclasses import replace

from pos_client.adapters.central_http.error_mapping import refusal_of
from pos_client.adapters.sqlite import chain
from pos_client.bootstrap.conformance.asking import Asking
from pos_client.bootstrap.conformance.saying import FUELLED, HELD, NotTried, is_a, refused, reversal
from pos_client.domain.acknowledgement import JournalRow
from pos_client.domain.bundle import BUNDLES, CentralKeys
from pos_client.domain.identifiers import AccrualId, RedemptionId, ShiftId, VoucherId
from pos_client.ports import central as port
from pos_client.protocols.central import codec
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.sealing import secret_info
from pos_client.protocols.central.voucher_messages import ACTIVATION, ActivationAnswer, ActivationRequest


def decides_each_of_a_batch(ask: Asking) -> None:
    """Decides claims that come together each by itself, as if it had come alone."""
    first, second = ask.accrual(100_000), ask.accrual(100_000)
    twin = replace(first, accrual_id=AccrualId(ask.new_id()))
    calls = [ask.wire.encode(call) for call in (first, twin, second)]
    items = tuple(m.BatchItem(call.key, call.path, call.body.decode()) for call in calls)
    answer = ask.by_hand(
        "POST",
        "/v1/accruals:batch",
        codec.encode(m.BatchRequest(items)),
        X_Terminal=ask.trial.terminal,
        Content_Type="application/json",
    )
    try:
        results = codec.decode(answer.content, m.BatchAnswer).results
    except MalformedMessage as error:
        raise AssertionError(f"{answer.status_code}: {error}") from error
    assert [result.key for result in results] == [call.key for call in calls], "results in another order"
    assert [result.status for result in results] == [201, 409, 201], results
    for accrual, call in ((first, calls[0]), (second, calls[2])):
        is_a(ask.send(call), port.AccrualBooked)
        is_a(ask.call(reversal(ask, port.Undone.ACCRUAL, accrual.accrual_id)), port.OperationReversed)


def keeps_a_shift(ask: Asking) -> None:
    """Keeps what a shift came to, once, and says that it waits for the journal."""
    now = ask.time()
    stated = port.StateShift(ShiftId(ask.new_id()), None, "T*** T***", now, now, (), (), 0, 0, 0, 0, 0, 0)
    kept = is_a(ask.call(stated), port.ShiftStated)
    assert kept.result == "records-awaited", kept
    assert ask.call(stated) == kept


def records_a_voucher_nobody_knows(ask: Asking) -> None:
    """Records fuel for a voucher it never signed as a shortfall, which nobody is debited for."""
    now = ask.time()
    spent = port.SpendOffline(
        RedemptionId(ask.new_id()), VoucherId(ask.new_id()), 1_000, 900, now, "synced", 0, grade_code=ask.trial.grade
    )
    booked = is_a(ask.call(spent), port.OfflineSpendBooked)
    assert (booked.shortfall_code, booked.points_debited) == ("voucher-unknown", 0), booked
    assert ask.call(spent) == booked


def tells_its_bundles(ask: Asking) -> None:
    """Tells its bundles signed, and does not tell again what the till has."""
    for name in BUNDLES:
        told = is_a(ask.call(port.FetchBundle(ask.new_id(), name)), port.BundleTold).bundle
        is_a(ask.call(port.FetchBundle(ask.new_id(), name, told.number)), port.BundleUnchanged)


def holds_the_journal(ask: Asking) -> None:
    """Holds the journal row by row, acknowledges it signed, asks for what a gap leaves out."""
    rows = _rows(ask, 6, "row")
    first = is_a(ask.call(port.AppendJournal(chain.START, rows[:3])), port.JournalAcknowledged).acknowledgement
    assert first.seq == 3, first
    again = is_a(ask.call(port.AppendJournal(chain.START, rows[:3])), port.JournalAcknowledged).acknowledgement
    assert (again.seq, again.mac) == (3, first.mac), again
    gap = refused(ask.call(port.AppendJournal(rows[4].mac, rows[5:])), "sequence-gap")
    assert gap.expected_seq == 4, gap


def quarantines_two_books_under_one_name(ask: Asking) -> None:
    """Takes another row under a number it holds for a second book, and lets that till hold no points any more."""
    other = _rows(ask, 3, "another row")
    refused(ask.call(port.AppendJournal(chain.START, other)), "chain-fork")
    path = f"/v1/redemptions/{ask.new_id()}"
    hold = m.HoldRequest(station=ask.trial.station, customer_ref="x", points=1_000, flow="pay")
    answer = ask.by_hand(
        "PUT",
        path,
        codec.encode(hold),
        X_Terminal=ask.trial.terminal,
        Idempotency_Key=ask.new_id(),
        Content_Type="application/json",
    )
    refused(refusal_of(answer.status_code, answer.headers, answer.content), "terminal-quarantined")


def debits_a_signed_voucher_once(ask: Asking) -> None:
    """Signs a voucher that its driver has activated, debits it once, and a second use is a shortfall."""
    voucher, pin = ask.trial.voucher, ask.trial.voucher_pin
    if not voucher:
        raise NotTried("no voucher was given (--voucher, --voucher-pin)")
    name = ask.new_id()
    sealed = ask.seal(pin, secret_info(name, ACTIVATION, ask.trial.terminal, HELD))
    asked = ActivationRequest(activation_id=name, station=ask.trial.station, points=HELD, sealed=sealed)
    answer = ask.by_hand(
        "POST",
        f"/v1/vouchers/{voucher}/activations",
        codec.encode(asked),
        X_Terminal=ask.trial.terminal,
        Idempotency_Key=f"{name}:activate",
        Content_Type="application/json",
    )
    try:
        signed = codec.decode(answer.content, ActivationAnswer).voucher
    except MalformedMessage as error:
        raise AssertionError(f"{answer.status_code}: {answer.text[:200]}") from error
    keys = is_a(ask.call(port.FetchBundle(ask.new_id(), "keys")), port.BundleTold).bundle.content
    assert isinstance(keys, CentralKeys), keys
    read = ask.wire.read_voucher(signed, keys.of("voucher"))
    assert (read.voucher_id, read.max_points, read.station) == (name, HELD, ask.trial.station), read
    now = ask.time()
    first = port.SpendOffline(
        RedemptionId(ask.new_id()), VoucherId(name), HELD, FUELLED, now, "synced", 0, grade_code=ask.trial.grade
    )
    booked = is_a(ask.call(first), port.OfflineSpendBooked)
    assert (booked.points_debited, booked.points_released) == (FUELLED, HELD - FUELLED), booked
    assert ask.call(first) == booked
    second = is_a(ask.call(replace(first, redemption_id=RedemptionId(ask.new_id()))), port.OfflineSpendBooked)
    assert (second.shortfall_code, second.points_debited) == ("voucher-double-spend", 0), second
    is_a(ask.call(reversal(ask, port.Undone.REDEMPTION, RedemptionId(name))), port.OperationReversed)


def _rows(ask: Asking, count: int, word: str) -> tuple[JournalRow, ...]:
    at, before, made = "2026-11-23T08:00:00+07:00", chain.START, []
    for seq in range(1, count + 1):
        body = codec.encode(m.VoidRequest(reason=f"{word} {seq} of {ask.trial.terminal}"))
        before = chain.mac_of(b"", before, seq, at, "Trial", body)
        made.append(JournalRow(seq, at, "Trial", body, before, 0))
    return tuple(made)


STATEMENTS = (
    decides_each_of_a_batch,
    keeps_a_shift,
    records_a_voucher_nobody_knows,
    tells_its_bundles,
    holds_the_journal,
    debits_a_signed_voucher_once,
)
