"""A day between a till and the reference service, told message by message: where the examples come from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable

import msgspec

from pos_client.domain.programme import Profile
from pos_client.protocols.central import codec
from pos_client.protocols.central import journal_messages as j
from pos_client.protocols.central import messages as m
from pos_client.protocols.central import shift_messages as s
from pos_client.protocols.central import voucher_messages as v
from pos_client.protocols.central.enrolment_messages import EnrolmentRequest
from pos_client.protocols.central.reversal_messages import ReversalRequest
from pos_client.sandbox.central.contract.examples import Exchange
from pos_client.sandbox.central.contract.telling import STATION, TERMINAL, TILL_KEY, Teller, stage
from pos_client.sandbox.central.scenario import Scenario

_SEALED = re.compile(r"[A-Za-z0-9+/]{80,}={0,2}")


def tell(scenario: Scenario, profile: Profile, before: Iterable[Exchange] = ()) -> list[Exchange]:
    """All stories to one service, in order. `before`: an earlier recording, whose seals are used again."""
    old = msgspec.json.encode(list(before)).decode()
    teller = Teller(stage(scenario, profile), frozenset(_SEALED.findall(old)))
    for story in STORIES:
        story(teller)
    return teller.told


def _id(kind: str, number: int) -> str:
    return f"0199c0de-0000-7000-8000-0000000{kind}{number:04d}"


def _begin(teller: Teller) -> None:
    asked = EnrolmentRequest(code=teller.stage.code, public_key=TILL_KEY.public_b64, version="1.0.0")
    teller.say("enrol", "A technician has typed head office's code", "POST", "/v1/enrolments", asked)
    again = EnrolmentRequest(code="2222-3333-4444-5555", public_key=TILL_KEY.public_b64, version="1.0.0")
    teller.say("no-code", "A code nobody made", "POST", "/v1/enrolments", again)
    body = m.SessionRequest(station=STATION, terminal=TERMINAL, version="1.0.0")
    answer = teller.say("start", "A till starts in the morning", "POST", "/v1/sessions", body, _id("5", 1))
    teller.session = answer["session"]
    teller.say("time", "Central answers", "GET", "/v1/time")
    offer = m.OfferPart(number=12, version="1.1.0", percent=20, judgement="later")
    condition = m.ConditionRequest(
        version="1.0.0",
        offer=offer,
        waiting_records=2,
        oldest_waiting_s=41,
        unacknowledged=3,
        clock="synced",
        wall_at=teller.stage.clock.now().isoformat(timespec="seconds"),
        disk_free_mb=48_211,
        certificate_ends="2027-03-01T00:00:00+00:00",
        troubles=("printer_paper_out",),
    )
    teller.say("condition", "Its printer has no paper", "POST", "/v1/conditions", condition)


def _redeem(teller: Teller) -> None:
    """An individual, a code by text message, less fuel than was held."""
    reference = _look_up(teller, "individual", "An individual by telephone number", "phone", "+84912000001")
    body = m.QuoteRequest(customer_ref=reference, amount_vnd=120_000, grade_code="E10-95-III")
    teller.say("quote", "How many of them for a sale of 120,000 đồng", "POST", "/v1/quotes", body)
    one, path = _id("a", 1), f"/v1/redemptions/{_id('a', 1)}"
    hold = m.HoldRequest(station=STATION, customer_ref=reference, points=100_000, flow="pay")
    teller.say("hold", "100,000 points are set aside, a code is sent", "PUT", path, hold, f"{one}:hold")
    again = m.ChallengeRequest(n=1)
    answer = teller.say(
        "again", "No message came; another code", "POST", f"{path}/challenges", again, f"{one}:chal:1", later_s=45
    )
    challenge = answer["challenge_id"]
    right = teller.code_for(one)
    wrong = "000000" if right != "000000" else "111111"
    for n, (name, about, code) in enumerate((("wrong", "A digit amiss", wrong), ("right", "The code", right)), start=1):
        sealed = teller.seal_secret(code, one, challenge, 100_000)
        verify = m.VerifyRequest(challenge_id=challenge, sealed=sealed)
        teller.say(name, about, "POST", f"{path}/verify", verify, f"{one}:verify:{n}", later_s=10)
    teller.say(
        "fuelled", "Fuel for 95,400 đồng flowed", "POST", f"{path}/capture", _capture(95_400), f"{one}:capture", 90
    )
    teller.say("captured", "Where it stands", "GET", path)


def _void(teller: Teller) -> None:
    """A customer who changes his mind; and a void that overtakes its hold."""
    reference = _look_up(teller, "voucher", "A points voucher of an organisation", "plate", "29C12345")
    one, path = _id("a", 2), f"/v1/redemptions/{_id('a', 2)}"
    hold = m.HoldRequest(station=STATION, customer_ref=reference, points=50_000, flow="gift")
    answer = teller.say("pin", "A driver has to prove himself by his PIN", "PUT", path, hold, f"{one}:hold")
    teller.say(
        "given-up", "The driver gives up", "POST", f"{path}/void", m.VoidRequest(reason="customer"), f"{one}:void"
    )
    sealed = teller.seal_secret("123456", one, answer["challenge_id"], 50_000)
    late = m.VerifyRequest(challenge_id=answer["challenge_id"], sealed=sealed)
    teller.say("late", "A PIN that comes after the void", "POST", f"{path}/verify", late, f"{one}:verify:1")
    two, path = _id("a", 3), f"/v1/redemptions/{_id('a', 3)}"
    teller.say("unknown", "A void overtakes its hold", "POST", f"{path}/void", m.VoidRequest(), f"{two}:void")
    teller.say("overtaken", "The hold arrives after its void", "PUT", path, hold, f"{two}:hold")
    three, path = _id("a", 4), f"/v1/redemptions/{_id('a', 4)}"
    much = m.HoldRequest(station=STATION, customer_ref=reference, points=900_000_000, flow="pay")
    teller.say("too-much", "More points than there are", "PUT", path, much, f"{three}:hold")
    teller.say("nobody", "An id nobody knows", "GET", f"/v1/redemptions/{_id('a', 9)}")


def _accrue(teller: Teller) -> None:
    """Points earned: alone, twice, and together."""
    one, two, three = (_id("b", number) for number in (1, 2, 3))
    sale = _accrual(teller, 184_300_000, 95_400)
    teller.say("paid", "Paid by card and in cash", "PUT", f"/v1/accruals/{one}", sale, f"{one}:accrue", later_s=60)
    teller.say("twice", "The same litres under another id", "PUT", f"/v1/accruals/{two}", sale, f"{two}:accrue")
    late = msgspec.structs.replace(_accrual(teller, 184_305_000, 95_400), fuelled_at="2026-11-10T08:00:00+07:00")
    four = _id("b", 4)
    teller.say("review", "A sale that took two weeks to arrive", "PUT", f"/v1/accruals/{four}", late, f"{four}:accrue")
    item = m.BatchItem(
        key=f"{three}:accrue",
        path=f"/v1/accruals/{three}",
        body=codec.encode(_accrual(teller, 184_310_000, 60_000)).decode(),
    )
    teller.say("together", "What an outage kept waiting", "POST", "/v1/accruals:batch", m.BatchRequest(items=(item,)))


def _reverse(teller: Teller) -> None:
    """The manager undoes what should not have been."""
    for number, name, about, operation, operation_id in (
        (1, "redemption", "The customer gets 95,400 points back", "redemption", _id("a", 1)),
        (2, "accrual", "The points of a sale that was none are taken back", "accrual", _id("b", 1)),
        (3, "again", "Undone is undone", "redemption", _id("a", 1)),
        (4, "voided", "Nothing was debited here", "redemption", _id("a", 2)),
    ):
        body = ReversalRequest(
            station=STATION,
            operation=operation,
            operation_id=operation_id,
            reason="Bơm nhầm vòi",
            approved_by="Nguyễn Văn Quản",
            decided_at="2026-11-23T08:30:00+07:00",
        )
        one = _id("c", number)
        teller.say(name, about, "PUT", f"/v1/reversals/{one}", body, f"{one}:reverse", later_s=60)
    teller.say("reversed", "An accrual that was undone", "GET", f"/v1/accruals/{_id('b', 1)}")
    teller.say("elsewhere", "An id nobody knows", "GET", f"/v1/accruals/{_id('b', 9)}")


def _voucher(teller: Teller) -> None:
    """A voucher is activated for a station, spent while central is away, and cannot be spent again."""
    one, path = _id("c", 1), "/v1/vouchers/P-00232/activations"
    sealed = teller.seal_secret("864209", one, v.ACTIVATION, 300_000)
    body = v.ActivationRequest(activation_id=one, station=STATION, points=300_000, sealed=sealed)
    teller.say("activate", "A driver's PIN, while central answers", "POST", path, body, f"{one}:activate", later_s=60)
    two, again = _id("c", 2), teller.seal_secret("864209", _id("c", 2), v.ACTIVATION, 50_000)
    body = v.ActivationRequest(activation_id=two, station=STATION, points=50_000, sealed=again)
    teller.say("activate-twice", "Once more, before it is spent", "POST", path, body, f"{two}:activate")
    three, four = _id("d", 1), _id("d", 2)
    spent = v.OfflineSpendRequest(
        voucher_id=one,
        station=STATION,
        points=300_000,
        amount_vnd=251_300,
        spent_at="2026-11-23T09:20:00+07:00",
        time_quality="holdover",
        revocations=1,
        point=3,
        nozzle=1,
        grade_code="DO-005S",
        volume_ml=8_242,
        start_totalizer_ml=655_039_190,
        end_totalizer_ml=655_047_432,
        fuelled_at="2026-11-23T09:19:00+07:00",
    )
    path = f"/v1/offline-redemptions/{three}"
    teller.say("spent", "Spent while central was away", "PUT", path, spent, f"{three}:offline", later_s=7200)
    path = f"/v1/offline-redemptions/{four}"
    teller.say("spent-twice", "The same voucher, elsewhere", "PUT", path, spent, f"{four}:offline")
    for name in ("policy", "revocations", "prices", "keys"):
        teller.say(name, f"The bundle {name}", "GET", f"/v1/bundles/{name}")
    teller.say("unknown", "A bundle nobody knows", "GET", "/v1/bundles/weather")


def _journal(teller: Teller) -> None:
    """What a till wrote down reaches central, row by row; a gap and another book are told."""
    rows = tuple(
        j.JournalRowPart(
            seq=seq,
            at=f"2026-11-23T08:0{seq}:00+07:00",
            kind="SaleOpened",
            body=f'{{"fuelling_id":"CHXD018-1-1-18427{seq}650","receipt_number":"T1-00000{seq}","sale_id":"s-{seq}"}}',
            mac=hashlib.sha256(f"row {seq}".encode()).hexdigest(),
            key=1,
        )
        for seq in (1, 2, 3, 4)
    )
    path, first = "/v1/journal:append", "0" * 64
    for name, about, before, part in (
        ("rows", "Two rows, the first of this journal", first, rows[:2]),
        ("again", "The same rows once more: the answer was lost", first, rows[:2]),
        ("lost", "The same rows, which say that a record was answered: it is not known here any more", first, rows[:2]),
        ("gap", "The fourth before the third", rows[2].mac, rows[3:]),
        ("fork", "A third behind another second", "f" * 64, rows[2:3]),
    ):
        told = (f"{_id('a', 99)}:accrue",) if name == "lost" else ()
        body = j.JournalAppendRequest(before_mac=before, rows=part, told=told)
        teller.say(name, about, "POST", path, body, f"journal:{part[0].seq}-{part[-1].seq}", later_s=5)
    old = m.SessionRequest(station=STATION, terminal=TERMINAL, version="1.0.0", last_seq=1, last_mac=rows[0].mac)
    teller.say(
        "old-copy", "A till whose books were put back from an old copy", "POST", "/v1/sessions", old, _id("5", 2)
    )


def _shift(teller: Teller) -> None:
    """Shifts are closed: as the journal has it, with cash nobody took, and before its journal has come."""
    previous = ""
    for number, (name, about, cash) in enumerate(
        (("agrees", "As the journal has it", 0), ("differs", "Cash the journal knows nothing of", 50_000)), start=1
    ):
        one = _id("e", number)
        opened = '{"cashier":"Lan","opened_at":"2026-11-23T06:00:00+07:00","shift_id":"' + one + '"}'
        for kind, text in (
            ("ShiftSummed", '{"open_sales":[],"stories":[]}'),
            ("ShiftOpened", opened),
            ("ShiftClosed", '{"shift_id":"' + one + '"}'),
        ):
            _row(teller, kind, text)
        _close(teller, one, name, about, previous, cash)
        previous = one
    _close(teller, _id("e", 3), "early", "Its journal has not come yet", previous, 0)
    for name, about, number in (
        ("compared", "It differs: what the till and head office have of it", 2),
        ("awaited", "Its journal has not come yet", 3),
        ("not-heard-of", "A shift nobody has stated", 4),
    ):
        teller.say(name, about, "GET", f"/v1/shifts/{_id('e', number)}")


def _row(teller: Teller, kind: str, text: str) -> None:
    """One more row of the journal, behind those of `_journal`."""
    seq = 3 + sum(one.about == _MORE for one in teller.told)
    before, mac = (hashlib.sha256(f"row {each}".encode()).hexdigest() for each in (seq - 1, seq))
    row = j.JournalRowPart(seq=seq, at="2026-11-23T14:00:00+07:00", kind=kind, body=text, mac=mac, key=1)
    body = j.JournalAppendRequest(before_mac=before, rows=(row,))
    teller.say(f"more-{seq}", _MORE, "POST", "/v1/journal:append", body, f"journal:{seq}-{seq}", later_s=5)


_MORE = "A row of a shift"


def _close(teller: Teller, one: str, name: str, about: str, previous: str, cash: int) -> None:
    cash_lines = (s.TenderSumPart(tender="cash", count=1, amount_vnd=cash),) if cash else ()
    body = s.ShiftCloseRequest(
        station=STATION,
        terminal=TERMINAL,
        cashier="Nguyễn T***",
        opened_at="2026-11-23T06:00:00+07:00",
        closed_at="2026-11-23T14:00:00+07:00",
        nozzles=(
            s.NozzlePart(
                point=1,
                nozzle=1,
                opening_ml=184_273_650,
                closing_ml=184_273_650,
                metered_ml=0,
                told_ml=0,
                test_ml=0,
                amount_vnd=0,
                fuellings=0,
                state="agrees",
            ),
        ),
        tenders=cash_lines,
        sales=0,
        volume_ml=0,
        amount_vnd=0,
        cash_expected_vnd=cash,
        cash_counted_vnd=cash,
        waiting_records=0,
        previous=previous or None,
    )
    teller.say(name, about, "POST", f"/v1/shifts/{one}/close", body, f"{one}:close", later_s=5)


def _look_up(teller: Teller, name: str, about: str, kind: str, text: str) -> str:
    body = m.LookupRequest(identifier=m.IdentifierText(kind=kind, text=text))
    return str(teller.say(name, about, "POST", "/v1/customers:lookup", body)["customer_ref"])


def _capture(amount_vnd: int) -> m.CaptureRequest:
    return m.CaptureRequest(
        station=STATION,
        point=1,
        nozzle=1,
        grade_code="E10-95-III",
        volume_ml=amount_vnd * 1000 // 27_080,
        amount_vnd=amount_vnd,
        start_totalizer_ml=184_273_650,
        end_totalizer_ml=184_273_650 + amount_vnd * 1000 // 27_080,
        fuelled_at="2026-11-23T08:03:00+07:00",
    )


def _accrual(teller: Teller, end_totalizer_ml: int, amount_vnd: int) -> m.AccrualRequest:
    return m.AccrualRequest(
        station=STATION,
        terminal=TERMINAL,
        sealed_identifier=teller.seal_identifier("phone", "+84912000001"),
        receipt_number="T1-000123",
        point=2,
        nozzle=1,
        grade_code="E10-95-III",
        unit_price=27_080,
        volume_ml=amount_vnd * 1000 // 27_080,
        amount_vnd=amount_vnd,
        end_totalizer_ml=end_totalizer_ml,
        fuelled_at="2026-11-23T08:15:00+07:00",
        tenders=(
            m.TenderPart(tender="electronic", amount_vnd=amount_vnd - 25_400),
            m.TenderPart(tender="cash", amount_vnd=25_400),
        ),
    )


STORIES: tuple[Callable[[Teller], None], ...] = (_begin, _redeem, _void, _accrue, _reverse, _voucher, _journal, _shift)
"""Told in this order to one service; whoever adds an endpoint adds what is said there."""
