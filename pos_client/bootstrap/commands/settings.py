"""`pos-client settings show|check FILE|export FILE|import FILE`: the terminal's settings, as text and as files."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pos_client.adapters.settings_file.toml_file import previous_path, read_settings
from pos_client.adapters.settings_file.toml_text import dumps
from pos_client.bootstrap.arguments import Arguments
from pos_client.bootstrap.saving import export_settings, import_settings
from pos_client.bootstrap.saying import sentence
from pos_client.bootstrap.spoken import Spoken, spoken
from pos_client.settings.faults import Fault
from pos_client.settings.transfer import exported


def run(arguments: Arguments) -> int:
    """0 when it was done, or nothing is wrong; else 1 and every fault."""
    return _ACTIONS[arguments.action](arguments, spoken(arguments))


def _show(arguments: Arguments, said: Spoken) -> int:
    loaded = read_settings(said.site.settings, allow_sandbox_secrets=True)
    if loaded.settings is None:
        return _refuse(arguments, said, loaded.faults)
    tree = exported(loaded.settings)
    print(json.dumps(tree, ensure_ascii=False, indent=1) if arguments.json else dumps(tree).rstrip())
    return 0


def _check(arguments: Arguments, said: Spoken) -> int:
    faults = read_settings(arguments.file).faults
    return _refuse(arguments, said, faults) if faults else _tell(arguments, said, "right")


def _export(arguments: Arguments, said: Spoken) -> int:
    faults = export_settings(said.site, arguments.file)
    return _refuse(arguments, said, faults) if faults else _tell(arguments, said, "exported")


def _import(arguments: Arguments, said: Spoken) -> int:
    faults = import_settings(said.site, arguments.file)
    if faults:
        return _refuse(arguments, said, faults, said.words.say("settings_file.nothing_changed"))
    previous = previous_path(said.site.settings)
    there = previous.exists()
    return _tell(arguments, said, "imported" if there else "imported_first", previous if there else None)


def _refuse(arguments: Arguments, said: Spoken, faults: Sequence[Fault], also: str = "") -> int:
    sentences = [sentence(said.words, fault) for fault in faults]
    if arguments.json:
        listed = [{"place": f.place, "code": f.code, "says": says} for f, says in zip(faults, sentences, strict=True)]
        print(json.dumps({"ok": False, "faults": listed}, ensure_ascii=False, indent=1))
    else:
        about = (said.words.say("settings_file.faults", count=len(faults)), *(f"  {says}" for says in sentences), also)
        print("\n".join(text for text in about if text), file=sys.stderr)
    return 1


def _tell(arguments: Arguments, said: Spoken, key: str, previous: Path | None = None) -> int:
    says = said.words.say(f"settings_file.{key}", file=arguments.file, previous=previous)
    if arguments.json:
        kept = None if previous is None else str(previous)
        print(json.dumps({"ok": True, "says": says, "file": str(arguments.file), "previous": kept}, ensure_ascii=False))
    else:
        print(says)
    return 0


_ACTIONS = {"show": _show, "check": _check, "export": _export, "import": _import}
