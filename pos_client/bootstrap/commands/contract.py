"""`pos-client contract`: prints the contract as YAML, checks the published file, records and writes it anew; or holds
somebody else's central to it."""

from __future__ import annotations

import difflib
import itertools
import sys
import tomllib
from pathlib import Path
from typing import Any

from pos_client.bootstrap.arguments import Arguments
from pos_client.bootstrap.paths import resources

_DIFFERENCES_SHOWN = 40


def run(arguments: Arguments) -> int:
    """0 fine, 1 the file is another contract or a promise is broken, 2 wrong usage."""
    from pos_client.sandbox.central.contract import document, examples

    if arguments.against is not None:
        return _try_on(arguments)
    if arguments.write is not None:
        examples.keep(record())
        arguments.write.parent.mkdir(parents=True, exist_ok=True)
        arguments.write.write_bytes(as_yaml(document.published()))
        return 0
    text = as_yaml(document.published())
    if arguments.check is None:
        sys.stdout.buffer.write(text)
        return 0
    try:
        found = arguments.check.read_bytes()
    except OSError as error:
        print(f"pos-client contract: {arguments.check}: {error.strerror}", file=sys.stderr)
        return 2
    if found == text:
        return 0
    for line in itertools.islice(_differences(found, text, arguments.check), _DIFFERENCES_SHOWN):
        print(line)
    return 1


def _try_on(arguments: Arguments) -> int:
    """Every promise a line; then, if wanted, the faults the fuzzer found."""
    import getpass

    from pos_client import __version__
    from pos_client.adapters.central_http.enrolment import Enrolled, enrol, new_device_key
    from pos_client.bootstrap.conformance.asking import Asking, Trial
    from pos_client.bootstrap.conformance.promises import LAST, PROMISES, Verdict, try_promises
    from pos_client.settings.model import CentralSettings

    pin = arguments.pin or getpass.getpass("PIN: ")
    device = new_device_key()
    told = enrol(arguments.against, arguments.code, device, __version__)
    if not isinstance(told, Enrolled):
        print(f"BROKEN  Enrols a till that brings a code and a key\n        {told}")
        return 1
    keys = CentralSettings(url=told.url, seal_key=told.seal_key, permit_key=told.permit_key, answer_key=told.answer_key)
    terminal = f"{told.station}-{told.till}"
    trial = Trial(
        keys,
        told.station,
        terminal,
        device,
        arguments.customer,
        pin,
        arguments.grade,
        arguments.voucher,
        arguments.voucher_pin,
    )

    def say(verdict: Verdict) -> bool:
        word = "BROKEN" if verdict.broken else "untried" if verdict.untried else "kept"
        print(f"{word:6}  {verdict.promise}", flush=True)
        if why := verdict.broken or verdict.untried:
            print(f"        {why}")
        return bool(verdict.broken)

    ask = Asking(trial)
    try:
        broken = sum([say(verdict) for verdict in try_promises(ask, PROMISES)])
        if arguments.fuzz > 0:
            broken += _fuzz(arguments, terminal, ask.sign)
        broken += sum([say(verdict) for verdict in try_promises(ask, LAST)])
    finally:
        ask.close()
    return 1 if broken else 0


def _fuzz(arguments: Arguments, terminal: str, sign: Any) -> int:
    """How many faults."""
    from pos_client.bootstrap.conformance.fuzzing import Target, fuzz
    from pos_client.sandbox.central.contract import document

    found = fuzz(document.published(), Target(arguments.against, terminal, cases=arguments.fuzz), sign=sign)
    faults = [f"{one.address}: {one.check}: {one.says}\n{one.again}" for one in found.findings]
    print(f"{sum(found.asked.values())} requests, {len(faults)} faults")
    print(*faults, *found.broken, sep="\n")
    return len(faults) + len(found.broken)


def record() -> list[Any]:
    """The examples, told anew to a fresh service."""
    from pos_client.domain.programme import load_profile
    from pos_client.sandbox.central.contract import examples, story
    from pos_client.sandbox.central.scenario import read_scenario

    scenario = read_scenario(_toml(resources() / "sandbox" / "station.toml"))
    profile = load_profile(_toml(resources() / "programmes" / "petrolimex-id.toml"))
    return story.tell(scenario, profile, examples.recorded())


def as_yaml(document: dict[str, Any]) -> bytes:
    """The document as people read it: in its own order, long texts as blocks. Equal values are equal bytes."""
    import yaml

    class Plain(yaml.SafeDumper):
        """No anchors; a text of several lines stands as it is."""

        def ignore_aliases(self, data: object) -> bool:
            return True

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)

    Plain.add_representer(str, text)
    written: bytes = yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True, width=120, encoding="utf-8")
    return written


def _toml(file: Path) -> dict[str, object]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _differences(found: bytes, text: bytes, file: Path) -> Any:
    return difflib.unified_diff(
        found.decode(errors="replace").splitlines(),
        text.decode().splitlines(),
        str(file),
        "the service's own",
        "",
        "",
        1,
        "",
    )
