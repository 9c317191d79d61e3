"""The sandbox's own address: read text messages and PINs, look into the ledger, switch faults, move the clock.

Not part of the contract: no terminal knows this port. It listens on loopback alone.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.clock import MovableClock
from pos_client.sandbox.central.control_terminals import terminal_routes
from pos_client.sandbox.central.faults import NAMES, FaultRequest, Faults
from pos_client.sandbox.central.health import operations
from pos_client.sandbox.central.ledger import challenges, limits, pools, redemption_timers, shifts, voucher_activations
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.ledger.voucher_activations import Wanted
from pos_client.sandbox.central.overview import journal_of, overview, text_messages
from pos_client.sandbox.central.relay import Relay
from pos_client.sandbox.central.scenario import Scenario, passwords_of, secrets_of
from pos_client.sandbox.central.service import CentralService


class ClockRequest(msgspec.Struct, frozen=True):
    """`POST /control/clock`."""

    offset_s: int


class UnlockRequest(msgspec.Struct, frozen=True):
    """`POST /control/unlock`: a credential's subject, `account:NUMBER` or `driver:ID`."""

    subject: str


class ActivationRequest(msgspec.Struct, frozen=True):
    """`POST /control/activations`: a driver proves himself as on the portal; `station` is where he will fuel."""

    code: str
    station: str
    points: int
    pin: str


class RevocationRequest(msgspec.Struct, frozen=True):
    """`POST /control/revocations`: an activated voucher, by its id."""

    voucher_id: str


class LimitRequest(msgspec.Struct, frozen=True):
    """`POST /control/limits`: one limit of offline spending (`domain.offline_policy`), as head office sets it."""

    name: str
    value: int


class ReleaseRequest(msgspec.Struct, frozen=True):
    """`POST /control/redemptions/release`: a redemption in suspense, and how somebody knows that no fuel flowed."""

    redemption: str
    evidence: str


class DissolutionRequest(msgspec.Struct, frozen=True):
    """`POST /control/pools/dissolve`: a group's code."""

    pool: str


def build_control(
    service: CentralService, scenario: Scenario, faults: Faults, relay: Relay, clock: MovableClock
) -> Starlette:
    """The control routes."""

    async def look(view: Callable[[Book], object]) -> Response:
        return _json(await run_in_threadpool(service.transact, view))

    async def sms(request: Request) -> Response:
        kind = request.query_params.get("kind", "challenge")
        return await look(lambda book: text_messages(book, kind))

    async def secrets(_: Request) -> Response:
        return _json(secrets_of(scenario))

    async def passwords(_: Request) -> Response:
        return _json(passwords_of(scenario))

    async def ledger(_: Request) -> Response:
        return await look(overview)

    async def journal(request: Request) -> Response:
        terminal = request.query_params.get("terminal", "")
        return await look(lambda book: journal_of(book, terminal))

    async def closed_shifts(request: Request) -> Response:
        terminal = request.query_params.get("terminal", "")
        return await look(lambda book: shifts.listing(book, terminal))

    async def list_faults(_: Request) -> Response:
        return _json(faults.listing())

    async def add_fault(request: Request) -> Response:
        fault = msgspec.json.decode(await request.body(), type=FaultRequest)
        if fault.name not in NAMES:
            return _json({"error": f"faults are {', '.join(sorted(NAMES))}"}, 400)
        if fault.name == "down":
            relay.refuse()
        else:
            faults.add(fault)
        return _json(faults.listing())

    async def clear_faults(_: Request) -> Response:
        faults.clear()
        await relay.listen()
        return _json(faults.listing())

    async def move_clock(request: Request) -> Response:
        clock.move(msgspec.json.decode(await request.body(), type=ClockRequest).offset_s)
        return _json({"now": clock.now().isoformat(timespec="seconds")})

    async def tell_time(_: Request) -> Response:
        return _json({"now": clock.now().isoformat(timespec="seconds")})

    async def unlock(request: Request) -> Response:
        subject = msgspec.json.decode(await request.body(), type=UnlockRequest).subject
        return await look(lambda book: challenges.unlock(book, subject))

    async def release(request: Request) -> Response:
        wanted = msgspec.json.decode(await request.body(), type=ReleaseRequest)

        def decide(book: Book) -> dict[str, str]:
            after = redemption_timers.release(book, wanted.redemption, wanted.evidence)
            if isinstance(after, Refusal):
                raise LookupError(f"{wanted.redemption}: {after.code} {after.state or ''}".rstrip())
            return {"state": after}

        return await look(decide)

    async def dissolve(request: Request) -> Response:
        code = msgspec.json.decode(await request.body(), type=DissolutionRequest).pool
        return await look(lambda book: pools.dissolve(book, code))

    async def activate(request: Request) -> Response:
        asked = msgspec.json.decode(await request.body(), type=ActivationRequest)

        def decide(book: Book) -> dict[str, object]:
            wanted = Wanted(book.new_reference(), asked.code, asked.station, asked.points, "control")
            outcome = voucher_activations.activate(book, wanted, asked.pin.encode())
            if isinstance(outcome, Refusal):
                return {"refused": outcome.code}
            return dict(msgspec.to_builtins(outcome.message))

        return await look(decide)

    async def revoke(request: Request) -> Response:
        voucher_id = msgspec.json.decode(await request.body(), type=RevocationRequest).voucher_id
        return await look(lambda book: {"revoked": voucher_activations.revoke(book, voucher_id, "control")})

    async def limit(request: Request) -> Response:
        asked = msgspec.json.decode(await request.body(), type=LimitRequest)
        return await look(lambda book: limits.set_limit(book, asked.name, asked.value))

    return Starlette(
        routes=[
            *operations(service),
            Route("/control/sms", sms, methods=["GET"]),
            Route("/control/secrets", secrets, methods=["GET"]),
            Route("/control/passwords", passwords, methods=["GET"]),
            Route("/control/ledger", ledger, methods=["GET"]),
            Route("/control/journal", journal, methods=["GET"]),
            Route("/control/shifts", closed_shifts, methods=["GET"]),
            Route("/control/faults", list_faults, methods=["GET"]),
            Route("/control/faults", add_fault, methods=["POST"]),
            Route("/control/faults", clear_faults, methods=["DELETE"]),
            Route("/control/clock", move_clock, methods=["POST"]),
            Route("/control/clock", tell_time, methods=["GET"]),
            Route("/control/unlock", unlock, methods=["POST"]),
            Route("/control/activations", activate, methods=["POST"]),
            Route("/control/revocations", revoke, methods=["POST"]),
            Route("/control/limits", limit, methods=["POST"]),
            Route("/control/redemptions/release", release, methods=["POST"]),
            *terminal_routes(look),
            Route("/control/pools/dissolve", dissolve, methods=["POST"]),
        ],
        exception_handlers={
            msgspec.MsgspecError: _not_understood,
            RuleViolation: _not_understood,
            LookupError: _not_understood,
            ValueError: _not_understood,
        },
    )


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


async def _not_understood(_: Request, error: Exception) -> Response:
    return _json({"error": str(error)}, 400)
