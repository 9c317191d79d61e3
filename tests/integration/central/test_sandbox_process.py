"""`pos-client sandbox` as a process: one line of addresses, and nothing left behind however it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.parse import urlsplit

import pytest

from pos_client.sandbox.central.server import CentralAddresses
from tests.central import STATION, STATION_FILE, RunningCentral, Till
from tests.waiting import eventually

PREFIX = [sys.executable, "-m", "pos_client", "sandbox"]
START_S = 40.0


@contextmanager
def sandbox(*options: str, errors: Any = None) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    process = subprocess.Popen(
        [*PREFIX, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told = Queue[str]()
    threading.Thread(target=lambda: told.put(process.stdout.readline()), daemon=True).start()  # type: ignore[union-attr]
    try:
        yield process, json.loads(told.get(timeout=START_S))
    finally:
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.wait(20)
        process.stdout.close()


def is_open(url: str) -> bool:
    address = urlsplit(url)
    assert address.hostname is not None
    assert address.port is not None
    try:
        socket.create_connection((address.hostname, address.port), 1).close()
    except OSError:
        return False
    return True


def addresses_of(ready: dict[str, Any]) -> list[str]:
    return [ready["central"]["url"], ready["central"]["control"], *(line["control"] for line in ready["dispensers"])]


@pytest.mark.timeout(120)
def test_one_line_tells_every_address_and_central_answers_there():
    with sandbox("--seed", "4") as (process, ready):
        assert sorted(ready) == ["central", "dispensers", "portal", "station"]
        assert [line["name"] for line in ready["dispensers"]] == ["dart-1", "gilbarco-1"]
        assert {tuple(sorted(line)) for line in ready["dispensers"]} == {("control", "name", "port", "protocol")}
        assert Path(ready["station"]) == STATION_FILE
        till = Till(CentralAddresses(**ready["central"]))
        central = RunningCentral(CentralAddresses(**ready["central"]))
        redemption = till.authorised("000100001", 500, central)
        assert till.call(till.capture(redemption, 500)).points_debited == 500
        till.close()
        central.close()
        process.terminate()
        assert process.wait(20) == 0
    assert not any(is_open(address) for address in addresses_of(ready))


@pytest.mark.timeout(120)
def test_what_is_in_flight_is_answered_what_is_new_is_refused_and_the_log_names_nobody(tmp_path):
    with (tmp_path / "log").open("w") as errors, sandbox("--log", "json", errors=errors) as (process, ready):
        at = CentralAddresses(**ready["central"])
        till, central = Till(at), RunningCentral(at)
        redemption, placed = till.hold("000100001", 500)
        code = central.code_for(redemption)
        till.verify(redemption, 1, placed, "000000" if code != "000000" else "000001")
        till.verify(redemption, 2, placed, code)
        secrets = secrets_of(central) | {code}
        central.fault("slow", match="capture", seconds=1)
        answers = Queue[Any]()
        capture = till.capture(redemption, 400)
        waits = threading.Thread(target=lambda: answers.put(till.call(capture)))
        waits.start()
        eventually(lambda: central.control("GET", "/control/faults") == [], 30, what="the capture has arrived")
        process.terminate()
        assert answers.get(timeout=30).points_debited == 400
        assert process.wait(20) == 0
        assert not is_open(at.url)
        waits.join()
        till.close()
        central.close()
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    asked = {line["endpoint"]: line["status"] for line in lines if "endpoint" in line}
    assert asked["POST /v1/redemptions/{name}/capture"] == 200
    assert [each for each in secrets if each in (tmp_path / "log").read_text()] == []


def secrets_of(central: RunningCentral) -> set[str]:
    """What no log may say: people, their PINs, what they were sent."""
    told = [*central.control("GET", "/control/secrets"), *central.control("GET", "/control/sms")]
    found = {str(each[of]) for each in told for of in ("pin", "phone", "text", "code") if each.get(of)}
    people = central.ledger()["accounts"]
    found |= {person[of] for person in people for of in ("name", "phone", "number") if of in person}
    assert len(found) > 5
    return found


@pytest.mark.timeout(240)
def test_several_workers_write_one_log_a_whole_line_a_request_and_name_nobody(postgres, tmp_path):
    options = ("--log", "json", "--workers", "2", "--db", postgres.fresh_database())
    with (tmp_path / "log").open("w") as errors, sandbox(*options, errors=errors) as (process, ready):
        at = CentralAddresses(**ready["central"])
        central, tills = RunningCentral(at), [Till(at, f"{STATION}-L{number}") for number in range(2)]

        def spend(till: Till, who: str) -> int:
            redemption = till.authorised(who, 500, central)
            debited: int = till.call(till.capture(redemption, 400)).points_debited
            return debited

        with ThreadPoolExecutor(len(tills)) as all_at_once:
            assert list(all_at_once.map(spend, tills, ("000100001", "000100004"))) == [400, 400]
        secrets = secrets_of(central)
        for till in tills:
            till.close()
        central.close()
        process.terminate()
        assert process.wait(30) == 0
    written = (tmp_path / "log").read_text()
    lines = [json.loads(line) for line in written.splitlines()]
    asked = Counter((line["endpoint"], line["status"]) for line in lines if "endpoint" in line)
    steps = {"PUT /v1/redemptions/{name}": 201, "POST /v1/redemptions/{name}/capture": 200}
    assert {step: asked[step, status] for step, status in steps.items()} == dict.fromkeys(steps, len(tills))
    assert {line["by"] for line in lines if "endpoint" in line} <= {"central-0", "central-1"}
    assert [each for each in secrets if each in written] == []


@pytest.mark.timeout(120)
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_killed_parent_leaves_no_orphans(tmp_path):
    database = f"sqlite:///{tmp_path / 'central.db'}"
    with sandbox("--db", database) as (process, ready):
        assert all(is_open(address) for address in addresses_of(ready))
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        eventually(lambda: not any(is_open(address) for address in addresses_of(ready)), 15, what="all parts are gone")


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--central-address", "nowhere"], "nowhere"),
        (["--central-address", "127.0.0.1:99999"], "99999"),
        (["--dispenser", "dart-1"], "NAME=PROTOCOL@ADDRESS"),
        (["--dispenser", "dart-9=dart@pty"], "dart-1"),
        (["--scenario", "/nowhere/station.toml"], "nowhere"),
    ],
)
def test_wrong_options_are_named_and_end_with_two(options, names):
    done = subprocess.run(
        [*PREFIX, *options], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert names in done.stderr
    assert "Traceback" not in done.stderr


def test_a_station_file_that_makes_no_sense_is_refused_by_its_place(tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text(STATION_FILE.read_text("utf-8").replace("points = 12_300", 'points = "many"'), "utf-8")
    done = subprocess.run(
        [*PREFIX, "--scenario", str(broken)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert "$.accounts[0].lots[0].points" in done.stderr


@pytest.mark.timeout(120)
def test_an_address_that_is_taken_is_said_and_nothing_stays_running():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*PREFIX, "--central-address", f"127.0.0.1:{port}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr
