"""A till's journal at central: kept as it is, acknowledged under a signature, and held to what was kept before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pos_client.adapters.central_http import signed
from pos_client.adapters.sqlite import chain
from pos_client.domain.acknowledgement import JournalRow
from pos_client.ports import central as port
from pos_client.ports.errors import Refused
from tests.central import RunningCentral, Till, running_central

AT = "2026-11-23T08:00:00+07:00"


def rows(count: int, first: int = 1, before: bytes = chain.START, word: str = "a") -> tuple[JournalRow, ...]:
    made = []
    for seq in range(first, first + count):
        body = f'{{"terminal":"T1 ằ {word} {seq}"}}'.encode()
        before = chain.mac_of(b"", before, seq, AT, "SessionOpened", body)
        made.append(JournalRow(seq, AT, "SessionOpened", body, before, 0))
    return tuple(made)


@pytest.fixture
def till(central: RunningCentral, request: pytest.FixtureRequest) -> Iterator[Till]:
    """A till of its own for each test: journals are for ever."""
    one = Till(central.addresses, terminal=f"CHXD018-{abs(hash(request.node.name)) % 10**8}")
    yield one
    one.close()


def append(till: Till, sent: tuple[JournalRow, ...], before: bytes = chain.START) -> object:
    call = till.wire.encode(port.AppendJournal(before, sent))
    till.central.stream(call)
    return till.inbox.result_of(call.key)


def opened(till: Till, last: JournalRow | None) -> object:
    seq, mac = (last.seq, last.mac) if last else (0, chain.START)
    return till.call(port.OpenSession(till.new_id("s"), "0.0-test", seq, mac))


def kept(central: RunningCentral, till: Till) -> list[tuple[int, str, str]]:
    found = central.control("GET", f"/control/journal?terminal={till.terminal}")
    return [(row["seq"], row["body"], row["mac"]) for row in found]


def as_kept(sent: tuple[JournalRow, ...]) -> list[tuple[int, str, str]]:
    return [(row.seq, row.body.decode(), row.mac.hex()) for row in sent]


def test_rows_are_kept_byte_for_byte_and_acknowledged_by_a_value_that_can_be_shown(central, till):
    sent = rows(3)
    answer = append(till, sent)
    assert isinstance(answer, port.JournalAcknowledged)
    given = answer.acknowledgement
    assert (given.seq, given.mac) == (3, sent[-1].mac)
    assert kept(central, till) == as_kept(sent)
    shown = signed.acknowledgement(given.signed, central.addresses.permit_key, till.terminal)
    assert shown == given


def test_an_acknowledgement_is_worth_nothing_with_another_key_another_name_or_a_changed_byte(central, till):
    answer = append(till, rows(1))
    assert isinstance(answer, port.JournalAcknowledged)
    text = answer.acknowledgement.signed
    changed = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]
    key = central.addresses.permit_key
    for shown, by, name in (
        (text, central.addresses.seal_key, till.terminal),
        (text, "", till.terminal),
        (text, key, "CHXD018-T9"),
        (changed, key, till.terminal),
        ("", key, till.terminal),
    ):
        with pytest.raises(Refused):
            signed.acknowledgement(shown, by, name)


def test_a_permit_is_no_acknowledgement_though_one_key_signs_both(central, till):
    redemption, placed = till.hold("000100001", 1_000)
    answer = till.verify(redemption, 1, placed, central.code_for(redemption))
    with pytest.raises(Refused):
        signed.acknowledgement(answer.permit, central.addresses.permit_key, till.terminal)


def test_rows_sent_again_in_any_cut_are_kept_once(central, till):
    sent = rows(6)
    append(till, sent[:4])
    for first, last in ((0, 4), (1, 3), (2, 6), (0, 6)):
        before = sent[first - 1].mac if first else chain.START
        answer = append(till, sent[first:last], before)
        assert isinstance(answer, port.JournalAcknowledged)
    assert kept(central, till) == as_kept(sent)


def test_behind_a_gap_nothing_is_kept_and_the_expected_number_is_told(central, till):
    sent = rows(5)
    append(till, sent[:2])
    answer = append(till, sent[3:], sent[2].mac)
    assert isinstance(answer, port.Problem)
    assert (answer.code, answer.expected_seq) == ("sequence-gap", 3)
    assert kept(central, till) == as_kept(sent[:2])


@pytest.mark.parametrize("how", ["another row", "another row behind", "another body under the mac"])
def test_two_books_under_one_name_are_a_fork(central, till, how):
    mine, other = rows(3), rows(5, word="b")
    append(till, mine)
    sent, before = {
        "another row": (other[1:2], other[0].mac),
        "another row behind": (other[3:], other[2].mac),
        "another body under the mac": ((replace(mine[1], body=b"{}"),), mine[0].mac),
    }[how]
    answer = append(till, sent, before)
    assert isinstance(answer, port.Problem)
    assert (answer.code, answer.retry) == ("chain-fork", port.Retry.NEVER)
    assert kept(central, till) == as_kept(mine)


def test_a_session_says_how_far_the_journal_is_kept(central, till):
    sent = rows(2)
    first = opened(till, None)
    assert isinstance(first, port.SessionStarted)
    assert first.acknowledged is not None
    assert (first.acknowledged.seq, first.acknowledged.mac) == (0, chain.START)
    append(till, sent)
    later = opened(till, rows(3)[2])
    assert isinstance(later, port.SessionStarted)
    assert later.acknowledged is not None
    assert (later.acknowledged.seq, later.acknowledged.mac) == (2, sent[-1].mac)


def test_an_old_copy_or_another_book_gets_no_session_and_fences_nobody_off(central, till):
    sent = rows(3)
    append(till, sent)
    right = opened(till, sent[-1])
    for last, code in ((sent[1], "sequence-rollback"), (rows(3, word="b")[2], "chain-fork")):
        assert getattr(opened(till, last), "code", None) == code
        assert getattr(opened(till, sent[-1]), "code", None) == "terminal-quarantined"
        central.control("POST", f"/control/terminals/{till.terminal}", {"do": "reinstate"})
    again = opened(till, sent[-1])
    assert isinstance(right, port.SessionStarted)
    assert isinstance(again, port.SessionStarted)
    assert again.session == right.session + 1


def test_rows_that_do_not_follow_each_other_are_no_batch(till):
    sent = rows(3)
    answer = append(till, (sent[0], sent[2]))
    assert isinstance(answer, port.Problem)
    assert answer.code == "malformed-request"


def test_a_till_without_centrals_key_counts_nothing_as_acknowledged(central):
    blind = Till(central.addresses, terminal="CHXD018-blind", permit_key="")
    try:
        started = opened(blind, None)
        assert isinstance(started, port.SessionStarted)
        assert started.acknowledged is None
        assert append(blind, rows(1)) == port.NoAnswer("acknowledgement_unverifiable")
    finally:
        blind.close()


def test_what_was_acknowledged_survives_a_restart_of_central(tmp_path):
    database, sent = f"sqlite:///{tmp_path / 'central.db'}", rows(2)
    with running_central(seed=5, database=database) as first:
        till = Till(first.addresses)
        append(till, sent)
        till.close()
    with running_central(seed=5, database=database) as again:
        till = Till(again.addresses, device=till.device)
        started = opened(till, sent[-1])
        assert isinstance(started, port.SessionStarted)
        assert started.acknowledged is not None
        assert started.acknowledged.seq == 2
        till.close()
