"""The control address of a simulated line: plain JSON for people, scripts and tests, on a loopback port of its own.

    GET    /control/points                                GET /control/line (its name, its cable, its faults)
    POST   /control/points/{point}/lift {"nozzle": 1}    /hang    /cut_power    /restore_power
    POST   /control/points/{point}/flow {"amount_vnd": N | "volume_ml": N | "seconds": N, "litres_a_minute": N}
    POST   /control/points/{point}/fuel {"nozzle": 1, as for flow}          a driver: lifts, squeezes, hangs up
    POST   /control/points/{point}/price {"nozzle": 1, "price_vnd": N}      set by hand, at the pump itself
    POST   /control/faults {"name": "...", "times": N, "point": P}          DELETE /control/faults
    POST   /control/line/unplug {"mid_frame": true}          /control/line/replug

`times` 0: until the faults are switched off; without `point`: all of the line. A POST answers with the points as they
are then. Errors: 404 for an unknown point, 422 for anything else.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.sandbox.dispenser.fuelling_point import Squeeze
from pos_client.sandbox.dispenser.line import SimulatedLine, UnknownPoint

Body = dict[str, Any]
ML_PER_LITRE, S_PER_MINUTE = 1000, 60


class _BadRequest(ValueError):
    """The body is not what this path wants."""


def control_app(line: SimulatedLine) -> Starlette:
    """The application for one line."""

    async def answer(action: Callable[[], object]) -> Response:
        """Do it on the line's own thread and show the points, or say what is wrong."""

        def act_and_look() -> list[Body]:
            action()
            return [asdict(point.view()) for point in line.points.values()]

        try:
            return JSONResponse(await asyncio.to_thread(line.call, act_and_look))
        except UnknownPoint as error:
            return JSONResponse({"error": "unknown_point", "detail": str(error)}, 404)
        except (LookupError, ValueError, LocalProtocolError) as error:
            return JSONResponse({"error": type(error).__name__, "detail": str(error)}, 422)

    async def points(request: Request) -> Response:
        return await answer(lambda: None)

    async def about_line(request: Request) -> Response:
        return JSONResponse({"name": line.name, "plugged": line.plugged, "faults": line.faults})

    async def act(request: Request) -> Response:
        number, verb = int(request.path_params["point"]), request.path_params["verb"]
        try:
            return await answer(_action(line, number, verb, await _body(request)))
        except _BadRequest as error:
            return JSONResponse({"error": "bad_request", "detail": str(error)}, 422)

    async def fault(request: Request) -> Response:
        try:
            body = await _body(request)
            name, times = str(body.get("name", "")), _number(body, "times", 1)
            number = None if body.get("point") is None else _number(body, "point")
            return await answer(lambda: line.switch_fault_on(name, times, number))
        except _BadRequest as error:
            return JSONResponse({"error": "bad_request", "detail": str(error)}, 422)

    async def no_faults(request: Request) -> Response:
        return await answer(line.switch_faults_off)

    async def unplug(request: Request) -> Response:
        try:
            mid_frame = (await _body(request)).get("mid_frame", False) is True
        except _BadRequest as error:
            return JSONResponse({"error": "bad_request", "detail": str(error)}, 422)
        return await answer(line.unplug_mid_frame if mid_frame else line.unplug)

    async def replug(request: Request) -> Response:
        return await answer(line.replug)

    return Starlette(
        routes=[
            Route("/control/points", points, methods=["GET"]),
            Route("/control/line", about_line, methods=["GET"]),
            Route("/control/points/{point:int}/{verb}", act, methods=["POST"]),
            Route("/control/faults", fault, methods=["POST"]),
            Route("/control/faults", no_faults, methods=["DELETE"]),
            Route("/control/line/unplug", unplug, methods=["POST"]),
            Route("/control/line/replug", replug, methods=["POST"]),
        ]
    )


def _action(line: SimulatedLine, number: int, verb: str, body: Body) -> Callable[[], object]:
    """What a verb does to a fuelling point; run on the line's thread."""
    match verb:
        case "lift":
            nozzle = _number(body, "nozzle", 1)
            return lambda: line.point(number).lift(nozzle)
        case "flow":
            squeeze = _squeeze(body)
            return lambda: line.flow(number, squeeze)
        case "fuel":
            nozzle, driver = _number(body, "nozzle", 1), replace(_squeeze(body), then_hang=True)
            return lambda: line.fuel(number, nozzle, driver)
        case "price":
            nozzle, price = _number(body, "nozzle", 1), _number(body, "price_vnd")
            return lambda: line.point(number).set_price(nozzle, price)
        case "hang":
            return lambda: line.point(number).hang()
        case "cut_power":
            return lambda: line.point(number).cut_power()
        case "restore_power":
            return lambda: line.point(number).restore_power()
    raise _BadRequest(f"a pump cannot be asked to {verb}")


def _squeeze(body: Body) -> Squeeze:
    litres_a_minute = _number(body, "litres_a_minute", 0)
    ml_per_s = max(litres_a_minute * ML_PER_LITRE // S_PER_MINUTE, 1) if litres_a_minute else None
    match body:
        case {"amount_vnd": int(amount)} if amount > 0:
            return Squeeze(amount_vnd=amount, ml_per_s=ml_per_s)
        case {"volume_ml": int(volume)} if volume > 0:
            return Squeeze(volume_ml=volume, ml_per_s=ml_per_s)
        case {"seconds": int(seconds)} if seconds > 0:
            return Squeeze(ms=seconds * 1000, ml_per_s=ml_per_s)
    raise _BadRequest("flow wants one of amount_vnd, volume_ml, seconds, above 0")


def _number(body: Body, key: str, default: int | None = None) -> int:
    value = body.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _BadRequest(f"{key} is a whole number")
    return value


async def _body(request: Request) -> Body:
    raw = await request.body()
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise _BadRequest(str(error)) from error
    if not isinstance(body, dict):
        raise _BadRequest("the body is a JSON object")
    return body
