"""The command line: a promise to technicians, tests and CI. Parsing only; each command is a module of `commands/`.

Importing is lazy: `pos-client ports` does not load Qt, the terminal does not load the sandbox.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pos_client import __version__

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


SECONDS_MAX = 600


class Arguments(argparse.Namespace):
    """What was typed; `run` is the command."""

    run: Callable[[Arguments], int]


class Parser(argparse.ArgumentParser):
    """Options may stand anywhere, also between the words of a list: `decode dart --from controller 54 20 FA`.

    Python before 3.13 takes such a list for empty when an option stands before it, unless it is told to mix.
    """

    _is_mixing = False

    def parse_known_args(  # type: ignore[override]  # of several overloads the one that is used
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As `argparse` does, mixed where the command has no commands of its own."""
        if self._is_mixing or any(action.nargs == argparse.PARSER for action in self._get_positional_actions()):
            return super().parse_known_args(args, namespace)
        self._is_mixing = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._is_mixing = False


def parse(argv: list[str]) -> Arguments:
    """The command and its options. Exits with 2 and a usage line for anything that does not fit."""
    return parser().parse_args(argv, namespace=Arguments())


def positive(text: str) -> int:
    """A whole number above zero. Raises `ValueError`."""
    number = int(text)
    if number <= 0:
        raise ValueError(text)
    return number


def _day(text: str) -> date:
    """A business day. Raises `ValueError`."""
    return date.fromisoformat(text)


def _command(name: str) -> Callable[[Arguments], int]:
    def run(arguments: Arguments) -> int:
        module = import_module(f"pos_client.bootstrap.commands.{name}")
        code: int = module.run(arguments)
        return code

    return run


def parser() -> argparse.ArgumentParser:
    """Every command and option there is."""
    parser: argparse.ArgumentParser = Parser(prog="pos-client", description="Forecourt loyalty terminal.")
    parser.add_argument("--version", action="version", version=f"pos-client {__version__}")
    parser.set_defaults(run=_command("terminal"), data=None, language=None)
    parser.add_argument("--data", type=Path, help="folder of this terminal (default: this user's)")
    parser.add_argument("--kept", choices=("exchange", "only", "trial"), help=argparse.SUPPRESS)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _demo(commands)
    _sandbox(commands)
    _journal(commands)
    _decode(commands)
    _replay(commands)
    _points(commands)
    _simulate(commands)
    _contract(commands)
    _technician(commands)
    return parser


def _technician(commands: Commands) -> None:
    ports = commands.add_parser("ports", help="serial ports of this machine, and whose they are")
    doctor = commands.add_parser("doctor", help="looks at everything a terminal needs, or at one port")
    where = doctor.add_mutually_exclusive_group()
    where.add_argument(
        "--port", type=_named, metavar="DEVICE|URL", help="find what dispensers speak there: listens first"
    )
    where.add_argument(
        "--line", type=_named, metavar="NAME", help="ask the points of a line of the settings, listening first"
    )
    where.add_argument("--printer", action="store_true", help="print a test page on the printer that is set")
    doctor.add_argument("--listen-only", action="store_true", help="with --port: not a byte is sent")
    doctor.add_argument(
        "--seconds", type=_seconds, default=90, metavar="N", help="with --port or --line: give up after N"
    )
    enrol = commands.add_parser("enrol", help="make this machine a till of head office's, with its one-time code")
    enrol.add_argument("code", metavar="CODE")
    enrol.add_argument("--url", metavar="URL", help="head office's address (default: as set)")
    enrol.set_defaults(run=_command("enrol"))
    ports.set_defaults(run=_command("ports"))
    doctor.set_defaults(run=_command("doctor"))
    settings = commands.add_parser("settings", help="this terminal's settings: shown, checked, given away, taken over")
    actions = settings.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    for name, about in _SETTINGS_ACTIONS.items():
        action = actions.add_parser(name, help=about)
        if name != "show":
            action.add_argument("file", type=Path, metavar="FILE")
        action.set_defaults(run=_command("settings"))
        _speaking(action)
    bundle = commands.add_parser("support-bundle", help="what support needs, in one file, without personal data")
    bundle.add_argument("file", type=Path, metavar="FILE")
    bundle.set_defaults(run=_command("support_bundle"))
    keep = commands.add_parser("keep", help="runs the terminal, starts it again when it dies, and exchanges versions")
    keep.add_argument("--data", type=Path, default=argparse.SUPPRESS)
    keep.set_defaults(run=_command("keep"))
    rehearse = commands.add_parser("rehearse", help="opens a copy of the books as this version would, and closes it")
    rehearse.add_argument("--data", type=Path, default=argparse.SUPPRESS)
    rehearse.set_defaults(run=_command("rehearse"))
    staff = commands.add_parser("staff-pin", help="asks for a PIN and prints the hash the settings keep of it")
    staff.set_defaults(run=_command("staff_pin"))
    for each in (ports, doctor, bundle, enrol, staff):
        _speaking(each)


_SETTINGS_ACTIONS = {
    "show": "print them as the file holds them",
    "check": "say everything that is wrong with a file",
    "export": "write them to a file, without secrets",
    "import": "take a file's in place of the present ones, which are kept",
}


def _speaking(command: argparse.ArgumentParser) -> None:
    """What every command for technicians understands."""
    command.add_argument("--json", action="store_true")
    command.add_argument("--lang", dest="language", choices=("vi", "en"), default=argparse.SUPPRESS)
    command.add_argument("--data", type=Path, default=argparse.SUPPRESS)


def _named(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("nothing is named")
    return text


def _seconds(text: str) -> int:
    seconds = int(text)
    if not 1 <= seconds <= SECONDS_MAX:
        raise argparse.ArgumentTypeError(f"1 to {SECONDS_MAX}")
    return seconds


def _demo(commands: Commands) -> None:
    demo = commands.add_parser("demo", help="sandbox, terminal and customer window on this machine")
    demo.add_argument("--headless", action="store_true", help="play scenarios offscreen and exit")
    demo.add_argument("--list-scenarios", action="store_true")
    demo.add_argument("--scenario", action="append", default=[], metavar="NAME")
    demo.add_argument("--report", type=Path, metavar="FILE")
    demo.add_argument("--screenshots", type=Path, metavar="DIR")
    demo.add_argument("--lang", choices=("vi", "en"), default="vi")
    demo.add_argument("--seed", type=int, default=1)
    demo.add_argument("--keep", action="store_true", help="leave the demonstration's folder behind")
    demo.set_defaults(run=_command("demo"))
    training = commands.add_parser("training", help="an invented station to practise on, with exercises")
    training.add_argument("--lang", choices=("vi", "en"), default="vi")
    training.add_argument("--seed", type=int, default=1)
    training.add_argument("--data", type=Path, default=argparse.SUPPRESS)
    training.set_defaults(run=_command("training"))


def _sandbox(commands: Commands) -> None:
    sandbox = commands.add_parser("sandbox", help="only the sandbox; prints its addresses as one JSON line")
    sandbox.add_argument("--db", default=None, metavar="URL")
    sandbox.add_argument("--central-address", default=None, metavar="HOST:PORT")
    sandbox.add_argument("--portal-port", type=positive, default=0, metavar="N")
    sandbox.add_argument("--proxy", action="append", default=[], metavar="ADDRESS", help="in front, where TLS ends")
    sandbox.add_argument("--dispenser", action="append", default=[], metavar="NAME=PROTOCOL@ADDRESS")
    sandbox.add_argument("--scenario", type=Path, default=None, metavar="FILE")
    sandbox.add_argument("--seed", type=int, default=1)
    sandbox.add_argument("--speed", type=int, default=1, metavar="N", help="pumps N times as fast as real ones")
    sandbox.add_argument("--log", choices=("json",), help="central's requests and troubles, on standard error")
    sandbox.add_argument("--workers", type=positive, default=1, metavar="N", help="of central, on one PostgreSQL")
    sandbox.add_argument("--only", choices=("central", "dispensers"), help=argparse.SUPPRESS)
    sandbox.set_defaults(run=_command("sandbox"))
    actions = sandbox.add_subparsers(title="actions", metavar="ACTION", dest="action")
    for name, about in (
        ("backup", "write the database of --db into a file, and read it back"),
        ("restore", "fill an empty --db from such a file"),
    ):
        action = actions.add_parser(name, help=about)
        action.add_argument("file", type=Path, metavar="FILE")
        action.add_argument("--db", default=argparse.SUPPRESS, metavar="URL")
        action.set_defaults(run=_command("sandbox_backup"))


def _journal(commands: Commands) -> None:
    journal = commands.add_parser("journal", help="reads a journal without touching it")
    journal.add_argument("action", choices=("list", "show", "verify", "export", "certificate"))
    journal.add_argument("journal", type=Path, metavar="DB")
    journal.add_argument("--subject", help="one story: a fuelling, sale, redemption or accrual id")
    journal.add_argument(
        "--day", type=_day, metavar="YYYY-MM-DD", help="of a certificate; default: the last one written"
    )
    journal.add_argument("--lang", dest="language", choices=("vi", "en"), default="vi", help="of a certificate")
    journal.add_argument("--json", action="store_true")
    journal.set_defaults(run=_command("journal"))


def _simulate(commands: Commands) -> None:
    simulate = commands.add_parser("simulate", help="plays random histories of faults over the production core")
    simulate.add_argument("--histories", type=positive, default=1000, metavar="N")
    simulate.add_argument("--seed", type=int, default=1, metavar="N")
    simulate.add_argument("--mutant", metavar="NAME", help="with this mistake in it (all: each in turn): to be caught")
    simulate.add_argument("--list-mutants", action="store_true")
    simulate.add_argument("--replay", type=int, metavar="SEED", help="one history, shrunk to the steps that matter")
    simulate.add_argument(
        "--jobs",
        "--processes",
        dest="processes",
        type=positive,
        default=0,
        metavar="N",
        help="default: one a processor",
    )
    simulate.add_argument("--json", action="store_true")
    simulate.set_defaults(run=_command("simulate"))


def _contract(commands: Commands) -> None:
    contract = commands.add_parser("contract", help="the contract between terminals and central: printed, or held")
    how = contract.add_mutually_exclusive_group()
    how.add_argument("--check", type=Path, metavar="FILE", help="exit code 1 when this file is not the contract")
    how.add_argument("--write", type=Path, metavar="FILE", help="record the examples anew and write the file")
    how.add_argument("--against", metavar="URL", help="try every promise of the contract on who answers there")
    trial = contract.add_argument_group("with --against", "a test system and a test customer: points are moved")
    trial.add_argument("--code", default="", metavar="CODE", help="a one-time code for a till of its own")
    trial.add_argument(
        "--customer", default="000200001", metavar="ID", help="confirms by PIN; has 2,000 points or more"
    )
    trial.add_argument("--pin", default="", metavar="DIGITS", help="his; asked for when it is not given")
    trial.add_argument("--voucher", default="", metavar="CODE", help="to be activated; has 1,000 points or more")
    trial.add_argument("--voucher-pin", default="", metavar="DIGITS", help="its driver's")
    trial.add_argument("--grade", default="E10-95-III", metavar="CODE", help="a grade that earns")
    trial.add_argument(
        "--fuzz", type=int, default=0, metavar="N", help="then N random requests an address, good and bad"
    )
    contract.set_defaults(run=_command("contract"))


def _decode(commands: Commands) -> None:
    decode = commands.add_parser("decode", help="bytes of a dispenser's wire, one JSON object a frame")
    decode.add_argument("protocol")
    decode.add_argument("hex", nargs="*", help="bytes in hex, spaces allowed; standard input when absent")
    decode.add_argument("--from", dest="sender", choices=("controller", "dispenser"))
    decode.set_defaults(run=_command("decode"))


def _replay(commands: Commands) -> None:
    replay = commands.add_parser("replay", help="a recording of wires in words, or played again")
    replay.add_argument("recording", type=Path, metavar="FILE", help="as the terminal keeps them beside its logs")
    replay.add_argument("--line", metavar="NAME", help="only this one")
    replay.add_argument(
        "--into",
        choices=("controller", "dispenser"),
        help="what a protocol object made anew tells of it; what a simulated device answers beside what was",
    )
    replay.set_defaults(run=_command("replay"))


def _points(commands: Commands) -> None:
    points = commands.add_parser("points", help="asks a programme's rules, and prints the answer and why")
    points.add_argument("programme", metavar="PROGRAMME", help="petrolimex-id, viettel-plus-plus, or a file")
    actions = points.add_subparsers(title="actions", metavar="ACTION", dest="points_action", required=True)
    accrue = actions.add_parser("accrue", help="what a sale, or something else, earns")
    accrue.add_argument("--at", required=True, metavar="TIME", help="when it happened; without an offset, in Vietnam")
    accrue.add_argument("--tender", action="append", default=[], metavar="KIND=AMOUNT", help="a part of a sale of fuel")
    accrue.add_argument("--rule", metavar="ROW", help="any other way to earn")
    redeem = actions.add_parser("redeem", help="which lots give the points, and what they become")
    redeem.add_argument("--points", required=True, metavar="N")
    redeem.add_argument("--rule", metavar="ROW", help="what they are spent on (default: the programme's usual value)")
    expire = actions.add_parser("expire", help="what has died, and what dies next")
    expire.add_argument("--last-redeemed", metavar="DATE", help="for what happens to points nobody redeems")
    rules = actions.add_parser("rules", help="every row of the programme's table")
    draw = actions.add_parser("draw", help="repeats a prize draw, so that anybody can check it")
    draw.add_argument("--seed", required=True, metavar="HEX", help="alone: prints the commitment to it")
    draw.add_argument("--commitment", metavar="HEX", help="what was published before")
    draw.add_argument("--beacon", default="", metavar="TEXT", help="what was read out on the day")
    draw.add_argument("--codes", type=Path, metavar="FILE", help="a line each: CODE ACCOUNT [NAME]")
    for action in (accrue, redeem):
        action.add_argument("--fact", action="append", default=[], metavar="NAME=VALUE")
    for action in (redeem, expire):
        action.add_argument("--at", metavar="TIME", help="default: now")
        action.add_argument("--lot", action="append", default=[], metavar="POINTS@CREDITED@EXPIRES")
    for action in (accrue, redeem, expire, rules, draw):
        action.add_argument(
            "--switch", action="append", default=[], metavar="ROW.NAME=VALUE", help="try another reading"
        )
        action.add_argument("--json", action="store_true")
        action.set_defaults(run=_command("points"))
