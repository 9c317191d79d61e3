"""What makes spending sound while central is away: vouchers activated beforehand, bundles, and statements of use."""

from __future__ import annotations

from pos_client.protocols.central import bundles as b
from pos_client.protocols.central import codec
from pos_client.protocols.central import voucher_messages as v
from pos_client.sandbox.central.endpoints.endpoint import Call, Endpoint, Prose, write
from pos_client.sandbox.central.endpoints.sessions import fence
from pos_client.sandbox.central.idempotency import Reply, reply_to
from pos_client.sandbox.central.ledger import bundles, offline_redemptions, voucher_activations
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.ledger.terminals import mark_fact
from pos_client.sandbox.central.service import CentralService


def _activate(book: Book, call: Call) -> Outcome:
    asked = call.read(v.ActivationRequest)
    if asked.station != call.device.station:
        return Refusal("station-mismatch")
    return fence(call) or voucher_activations.ask(book, call.name, call.terminal, asked)


def _spent(book: Book, call: Call) -> Outcome:
    asked = call.read(v.OfflineSpendRequest)
    outcome = offline_redemptions.record(book, call.name, call.terminal, asked)
    if isinstance(outcome, Answer):
        mark_fact(book, call.device, "offline", call.name, asked.station, asked.amount_vnd)
    return outcome


def _bundle(service: CentralService, call: Call) -> Reply:
    """The bundle, or 304 for who has it already (`If-None-Match`)."""
    issue = service.transact(lambda book: bundles.current(book, call.name))
    if issue is None:
        return reply_to(Refusal("unknown-bundle"))
    if call.known == issue.tag:
        return Reply(304, b"", tag=issue.tag)
    answer = b.BundleAnswer(name=issue.name, number=issue.number, signed=issue.signed)
    return Reply(200, codec.encode(answer), tag=issue.tag)


ENDPOINTS = (
    write(
        "POST",
        "/v1/vouchers/{name}/activations",
        "Make a points voucher spendable at one station while central is away: PIN checked and points held now",
        _activate,
        request=v.ActivationRequest,
        answer=v.ActivationAnswer,
        status=201,
        problems=(
            "stale-session",
            "voucher-not-active",
            "voucher-already-activated",
            "above-offline-limit",
            "station-mismatch",
            "customer-blocked",
            "method-not-allowed",
            "voucher-right-missing",
            "insufficient-points",
            "below-minimum",
            "credential-wrong",
            "credential-locked",
            "redemption-state-conflict",
        ),
        prose=Prose(
            about="The driver proves himself now, by his PIN; the points are held now, at most what the policy says, "
            "for one station, and the answer is a text signed with central's key for vouchers, short enough for a QR "
            "code. Whoever shows it at that station can fuel that vehicle once, until `not_after`, while central is "
            "away; so the PIN is never checked, kept or queued by a till. The hold ends by the statement of what was "
            "spent, by use online at that station, or, 72 hours after the voucher's end, by time.",
            caller="Whoever can take the driver's PIN while central answers: the portal, or a till.",
            key="`{activation_id}:activate`",
            offline="Not possible: the PIN is central's to check.",
        ),
    ),
    write(
        "PUT",
        "/v1/offline-redemptions/{name}",
        "A signed voucher was spent while central was away, as a statement of fact: debited, or a shortfall",
        _spent,
        request=v.OfflineSpendRequest,
        answer=v.OfflineSpendAnswer,
        problems=("redemption-state-conflict",),
        is_fact=True,
        prose=Prose(
            about="The fuel has flowed. The lesser of fuel and voucher is debited from the hold, the rest given back; "
            "where there is nothing to debit (spent before, withdrawn, another station or product, unknown, its points "
            "given back already) the fuel is recorded as a SHORTFALL, and `shortfall_code` says why; no customer pays "
            "for it. An amount of 0 says that nothing flowed and gives everything back.",
            caller="The outbox, once for every voucher taken while central was away.",
            key="`{name}:offline`",
            offline="Queued for as long as it takes; the receipt says that central has still to confirm it.",
        ),
    ),
    Endpoint(
        "GET",
        "/v1/bundles/{name}",
        "What a terminal must know beforehand, signed: policy, revocations, prices, keys",
        _bundle,
        answer=b.BundleAnswer,
        problems=("unknown-bundle",),
        has_tag=True,
        prose=Prose(
            about="`signed` is `payload.signature`, both base64url; the signature is Ed25519 over `plx-bundle-v1|` and "
            "the payload's bytes, by the key terminals are set up with. The payload says name, number, time of issue "
            "and content. A bundle is issued anew when it changes, and every hour, because its age counts from the "
            "time that is signed. `policy`: limits of spending offline. `revocations`: vouchers withdrawn. `prices`: "
            "every zone's list. `keys`: what else central signs and opens with.",
            caller="Every terminal, one after the other, every few minutes.",
            offline="The last good one is used, however old; whoever uses it says how old is too old: spending offline "
            "ends a day after the last list of revocations.",
        ),
    ),
)
