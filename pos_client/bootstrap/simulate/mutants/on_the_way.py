"""Mistakes on the way to head office: keys, repeats, and what is made of silence."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import Any

from pos_client.bootstrap.simulate.mutants.mutant import Replace, mutant
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.outbox import DeliveryState, Outcome, next_attempt
from pos_client.ports import central as c
from pos_client.services import journal_stream, store_and_forward
from pos_client.services.doubts import Doubts
from pos_client.services.recovery import Recovery
from pos_client.services.redemption import Redemptions
from pos_client.services.snapshots import PointsPhase
from pos_client.services.store_and_forward import CentralLink, StoreAndForward, classify


@mutant("retry-under-a-new-key", "what was not answered is sent again under another key")
def _(replace: Replace) -> None:
    def renamed(item: Any, outcome: Outcome, now_ms: int, **rest: Any) -> Any:
        after = next_attempt(item, outcome, now_ms, **rest)
        again = outcome in (Outcome.RETRY, Outcome.UNKNOWN)
        return changed(after, key=IdempotencyKey(f"{item.key}+{after.attempts}")) if again else after

    answer = StoreAndForward.on_answer

    def taken_over(self: StoreAndForward, answered: c.CentralAnswered) -> bool:
        item = self.desk.state.outbox.get(answered.key)
        done = answer(self, answered)
        after = self.desk.state.outbox.get(answered.key)
        if item is not None and after is not None and after.key != answered.key:
            self.desk.state.outbox[after.key] = self.desk.state.outbox.pop(answered.key)
            self.desk.state.queued_since_ms[after.key] = self.desk.now.ticks_ms
        return done

    replace(store_and_forward, "next_attempt", renamed)
    replace(StoreAndForward, "on_answer", taken_over)


@mutant("new-hold-after-silence", "a hold that was not answered is asked for anew, under another redemption")
def _(replace: Replace) -> None:
    answered = Redemptions._answered

    def impatient(self: Redemptions, attempt: Any, call: c.EncodedCall, result: object) -> None:
        silence = isinstance(result, c.NoAnswer) and result.sent
        if silence and attempt.redemption_id and attempt.phase is PointsPhase.HOLDING:
            attempt.redemption_id = None
            self._hold(attempt, attempt.points)
        else:
            answered(self, attempt, call, result)

    replace(Redemptions, "_answered", impatient)


@mutant("silence-is-failure", "a hold that was not answered counts as refused, and nobody gives it back")
def _(replace: Replace) -> None:
    answered = Redemptions._answered

    def hasty(self: Redemptions, attempt: Any, call: c.EncodedCall, result: object) -> None:
        if isinstance(result, c.NoAnswer):
            self.talk.refuse(attempt, "points_need_network")
        else:
            answered(self, attempt, call, result)

    replace(Redemptions, "_answered", hasty)


@mutant("silence-is-success", "a queued record that was not answered counts as delivered")
def _(replace: Replace) -> None:
    def trusting(result: object) -> Any:
        return (Outcome.ACCEPTED, None, 0) if isinstance(result, c.NoAnswer) and result.sent else classify(result)

    replace(store_and_forward, "classify", trusting)


@mutant("trouble-parks-the-record", "a server's trouble is taken for its last word")
def _(replace: Replace) -> None:
    def final(result: object) -> Any:
        outcome, problem, pause = classify(result)
        return (Outcome.REFUSED if isinstance(result, c.Problem) else outcome), problem, pause

    replace(store_and_forward, "classify", final)


@mutant("gives-up-after-three", "a record that failed three times is dropped")
def _(replace: Replace) -> None:
    def giving_up(item: Any, outcome: Outcome, now_ms: int, **rest: Any) -> Any:
        after = next_attempt(item, outcome, now_ms, **rest)
        return changed(after, state=DeliveryState.PARKED) if after.attempts >= 3 and outcome is not Outcome.ACCEPTED else after  # fmt: skip  # noqa: E501

    replace(store_and_forward, "next_attempt", giving_up)


@mutant("one-record-blocks-all", "while the oldest record cannot be delivered, no other is sent")
def _(replace: Replace) -> None:
    def strict(self: StoreAndForward, now_ms: int) -> Any:
        first = next(iter(self.desk.state.outbox.values()), None)
        return [first] if first is not None and first.due_ms <= now_ms else []

    replace(StoreAndForward, "_due", strict)


@mutant("answer-not-written", "what central confirmed is taken out of the queue without a fact")
def _(replace: Replace) -> None:
    replace(StoreAndForward, "_fact", staticmethod(lambda item, result: None))


@mutant("queue-forgets-a-dead-lane", "a record whose answer never came back is never sent again")
def _(replace: Replace) -> None:
    replace(store_and_forward, "LOST_AFTER_MS", 10**12)


@mutant("believes-what-cannot-be", "an answer that cannot be true is taken as it comes")
def _(replace: Replace) -> None:
    replace(Doubts, "judge", lambda self, answer: answer)


@mutant("restart-renames-the-queue", "after a restart what waits is sent under other keys")
def _(replace: Replace) -> None:
    run = Recovery.run

    def renaming(self: Recovery) -> None:
        run(self)
        state = self.desk.state
        for key in list(state.outbox):
            name = IdempotencyKey(f"{key}+again")
            state.outbox[name] = changed(state.outbox.pop(key), key=name)
            state.queued_since_ms[name] = state.queued_since_ms.pop(key)

    replace(Recovery, "run", renaming)


@mutant("link-never-knocks-again", "after a failed session nobody knocks at head office again")
def _(replace: Replace) -> None:
    replace(CentralLink, "LONGEST_RETRY_MS", 10**12)
    replace(CentralLink, "FIRST_RETRY_MS", 10**11)


@mutant("retry-after-ignored", "central asks for patience, and the record comes again at the terminal's own pace")
def _(replace: Replace) -> None:
    replace(store_and_forward, "asked_to_wait_ms", lambda result: 0)


@mutant("hurry-cuts-the-wait-short", "when head office is heard again, what it asked to wait for is sent at once too")
def _(replace: Replace) -> None:
    hurry = StoreAndForward.hurry

    def at_once(self: StoreAndForward) -> None:
        self._not_before.clear()
        hurry(self)

    replace(StoreAndForward, "hurry", at_once)


@mutant("rows-do-not-wait", "central asks for patience, and the journal's rows come again at once")
def _(replace: Replace) -> None:
    replace(journal_stream, "asked_to_wait_ms", lambda result: 0)


@mutant("a-batch-shares-its-fate", "claims that travelled with a refused one are taken for refused")
def _(replace: Replace) -> None:
    answer = StoreAndForward.on_answer

    def all_alike(self: StoreAndForward, answered: c.CentralAnswered) -> bool:
        together = [key for key in self._in_flight if key != answered.key]
        done = answer(self, answered)
        if classify(answered.result)[0] is Outcome.REFUSED:
            for key in together:
                answer(self, c.CentralAnswered(key, answered.result))
        return done

    replace(StoreAndForward, "on_answer", all_alike)


@mutant("fenced-and-goes-on", "a terminal whose place was taken goes on spending points")
def _(replace: Replace) -> None:
    heard = CentralLink.on_any_answer

    def deaf(self: CentralLink, answered: c.CentralAnswered) -> bool:
        done = heard(self, answered)
        self.desk.state.blockers.pop("central_stale-session", None)
        return done

    replace(CentralLink, "on_any_answer", deaf)
