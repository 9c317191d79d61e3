"""`pos-client points PROGRAMME accrue|redeem|expire|rules|draw`: asks the points engine, and prints why.

Nothing is stored and nobody is asked: lots and facts come from the command line. A refusal is an answer (exit 1), named
and in both languages; what cannot even be read as a question is wrong usage (exit 2).
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pos_client.bootstrap import loading
from pos_client.bootstrap.arguments import Arguments
from pos_client.bootstrap.commands import points_answers as answers
from pos_client.bootstrap.commands.points_draw import repeat
from pos_client.bootstrap.commands.points_switches import switched
from pos_client.bootstrap.paths import resources
from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import VIETNAM, business_day
from pos_client.domain.programme import Lot, Profile, ProfileError, load_profile
from pos_client.domain.programme.accrual import accrue, accrue_sale
from pos_client.domain.programme.dying import expire
from pos_client.domain.programme.inputs import a_day, a_time, whole
from pos_client.domain.programme.spending import redeem

CODES = {"PLX": "petrolimex-id", "VPP": "viettel-plus-plus"}
Answer = dict[str, Any]


class WrongUsage(Exception):
    """The question itself cannot be read."""


def run(arguments: Arguments) -> int:
    """0 with an answer, 1 with a refusal, 2 for a question nobody can read."""
    try:
        source = _source(arguments.programme)
        try:
            profile = load_profile(switched(source, _pairs(arguments.switch, "--switch")))
            answer = {"programme": profile.code, **_ACTIONS[arguments.points_action](profile, arguments)}
        except ProfileError as error:
            faults = [{"place": fault.place, "says": fault.says} for fault in error.faults]
            refusal = RuleViolation("profile_faulty", faults="; ".join(f"{f['place']}: {f['says']}" for f in faults))
            answer = {**_refused(refusal), "faults": faults}
        except RuleViolation as violation:
            answer = _refused(violation)
    except WrongUsage as error:
        print(f"pos-client points: {error}", file=sys.stderr)
        return 2
    _say(json.dumps(answer, ensure_ascii=False, indent=1, default=str) if arguments.json else answers.as_text(answer))
    return 1 if "refused" in answer else 0


def _say(text: str) -> None:
    """Print Vietnamese whatever the console's own encoding is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(text)


def _accrue(profile: Profile, arguments: Arguments) -> Answer:
    facts = _pairs(arguments.fact, "--fact")
    if bool(arguments.tender) == bool(arguments.rule):
        raise WrongUsage("accrue wants either --tender KIND=AMOUNT (fuel) or --rule ROW")
    at = a_time(arguments.at, "at")
    if arguments.rule:
        return answers.of_accrual(accrue(profile, arguments.rule, at, facts))
    tenders = [(kind, whole(amount, kind[:40], 1)) for kind, amount in _split(arguments.tender, "--tender")]
    return answers.of_accrual(accrue_sale(profile, tenders, at, facts))


def _redeem(profile: Profile, arguments: Arguments) -> Answer:
    points = whole(arguments.points, "points", 1)
    facts = _pairs(arguments.fact, "--fact")
    return answers.of_redemption(redeem(profile, _lots(arguments), points, _at(arguments), facts, arguments.rule))


def _expire(profile: Profile, arguments: Arguments) -> Answer:
    last = None if arguments.last_redeemed is None else a_day(arguments.last_redeemed, "last_redeemed")
    return answers.of_death(expire(profile, _lots(arguments), _at(arguments), last))


def _rules(profile: Profile, _: Arguments) -> Answer:
    return answers.of_rules(profile)


def _draw(profile: Profile, arguments: Arguments) -> Answer:
    return repeat(profile, arguments.seed, arguments.commitment, arguments.beacon, arguments.codes)


_ACTIONS: Mapping[str, Callable[[Profile, Arguments], Answer]] = {
    "accrue": _accrue,
    "redeem": _redeem,
    "expire": _expire,
    "rules": _rules,
    "draw": _draw,
}


def _source(programme: str) -> Mapping[str, object]:
    """The programme's file: by name, by code, or a file of one's own (`.toml`)."""
    folder = resources() / "programmes"
    if programme.endswith(".toml"):
        file = Path(programme)
    else:
        file = folder / f"{CODES.get(programme.upper(), programme)}.toml"
        if file.parent != folder or not file.is_file():
            known = ", ".join(sorted(path.stem for path in folder.glob("*.toml")))
            raise WrongUsage(f"unknown programme {programme!r}; there are: {known}")
    try:
        return loading.toml(file)
    except (OSError, ValueError) as error:
        raise WrongUsage(f"{file}: {error}") from error


def _at(arguments: Arguments) -> datetime:
    """The time asked about; now, when none is given."""
    return datetime.now(VIETNAM) if arguments.at is None else a_time(arguments.at, "at")


def _lots(arguments: Arguments) -> list[Lot]:
    lots = []
    for number, text in enumerate(arguments.lot, 1):
        parts = text.split("@")
        if len(parts) != 3:
            raise WrongUsage(f"--lot wants POINTS@CREDITED@EXPIRES, not {text!r}")
        lot = Lot(number, whole(parts[0], "lot", 1), a_time(parts[1], "lot"), a_day(parts[2], "lot"))
        if lot.expires_on < business_day(lot.credited_at):
            raise RuleViolation("lot_dies_before_credit", lot=number)
        lots.append(lot)
    return lots


def _split(texts: list[str], option: str) -> list[tuple[str, str]]:
    pairs = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise WrongUsage(f"{option} wants NAME=VALUE, not {text!r}")
        pairs.append((name, value))
    return pairs


def _pairs(texts: list[str], option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for name, value in _split(texts, option):
        if name in pairs:
            raise RuleViolation("fact_twice", fact=name)
        pairs[name] = value
    return pairs


def _refused(violation: RuleViolation) -> Answer:
    said = {
        language: loading.catalogue(resources(), language).say(f"points.refused.{violation.code}", **violation.params)
        for language in loading.LANGUAGES
    }
    answer: Answer = {"refused": {"code": violation.code, **said, "params": dict(violation.params)}}
    if "rule" in violation.params:
        answer["rule"] = violation.params["rule"]
    return answer
