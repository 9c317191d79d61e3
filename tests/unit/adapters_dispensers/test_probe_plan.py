"""How sure the port doctor may be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pos_client.adapters.dispensers.probe_plan import PROVED_MOST, Account, confidence, findings, plan
from pos_client.protocols.dispenser.probing import Evidence
from pos_client.protocols.dispenser.registry import PROTOCOLS

CANDIDATES = plan(PROTOCOLS.values())
MOST = 60


def account(good: int = 0, proved: int = 0, damaged: int = 0, answered: int = 0, asked: int = 0) -> Account:
    """One head that was asked and answered so often, and so many frames overheard or damaged beside that."""
    made = Account()
    for n in range(asked):
        made.asked_one(1, Evidence(1, 0, 0, (1,)) if n < answered else Evidence())
    made.heard(Evidence(good, proved, damaged, (1,) if good else ()))
    return made


counts = st.integers(0, 40)


@given(counts, counts, counts, counts)
def test_it_stays_within_what_the_evidence_allows(good: int, proved: int, damaged: int, answered: int):
    proved = min(proved, good)
    sure = confidence(account(good, proved, damaged, answered, answered), MOST)
    assert 0 <= sure <= (PROVED_MOST if proved else MOST)
    assert (sure == 0) or good + answered > 0


@given(counts, counts, counts)
def test_more_damage_never_makes_surer_and_more_good_frames_never_less_sure(good: int, damaged: int, more: int):
    before = confidence(account(good, 0, damaged), MOST)
    assert confidence(account(good, 0, damaged + more), MOST) <= before
    assert confidence(account(good + more, 0, damaged), MOST) >= before


@given(st.integers(2, 20), st.integers(1, 20))
def test_a_head_that_answers_now_and_then_is_less_sure_or_nobody(asked: int, answered: int):
    answered = min(answered, asked)
    steady = confidence(account(answered=asked, asked=asked), MOST)
    now_and_then = account(answered=answered, asked=asked)
    assert confidence(now_and_then, MOST) <= steady
    assert (now_and_then.found == ()) == (2 * answered < asked)


def test_a_single_word_is_a_rumour_and_six_alike_are_likely():
    assert confidence(account(answered=1, asked=1), MOST) == MOST // 6
    assert confidence(account(answered=6, asked=6), MOST) == MOST
    assert confidence(account(answered=6, asked=6, good=1, proved=1), MOST) == PROVED_MOST


def test_a_late_answer_counts_for_the_question_that_had_been_given_up():
    made = account(asked=1)
    assert list(made.found) == []
    made.answered_late(1, Evidence(1, 0, 0, (1,)))
    assert list(made.found) == [1]
    assert made.steadiness() == (1, 1)


def test_readings_that_contradict_each_other_share_their_certainty():
    alone = findings({CANDIDATES[0]: account(good=40, proved=10)}, listened_only=True)
    two = findings({c: account(good=40, proved=10) for c in CANDIDATES[:2]}, listened_only=True)
    assert [finding.confidence for finding in alone] == [PROVED_MOST]
    assert [finding.confidence for finding in two] == [PROVED_MOST // 2] * 2
    noise = findings({CANDIDATES[0]: account(good=40, proved=10), CANDIDATES[3]: account(good=1, damaged=60)}, False)
    assert [finding.confidence for finding in noise] == [PROVED_MOST]


def test_noise_is_not_told():
    assert findings({CANDIDATES[0]: account(good=5, damaged=200)}, listened_only=True) == ()
    assert findings({}, listened_only=False) == ()


@given(st.lists(st.tuples(counts, counts, counts), max_size=len(CANDIDATES)))
def test_what_is_told_comes_surest_first_and_together_is_no_more_than_certain(told: list[tuple[int, int, int]]):
    accounts = {
        candidate: account(good, min(proved, good), damaged)
        for candidate, (good, proved, damaged) in zip(CANDIDATES, told, strict=False)
    }
    found = findings(accounts, listened_only=False)
    assert [f.confidence for f in found] == sorted((f.confidence for f in found), reverse=True)
    assert sum(f.confidence for f in found) <= 100
