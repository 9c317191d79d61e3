"""`pos-client settings show|check FILE|export FILE|import FILE`: the terminal's settings, as text and as files."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pos_client.adapters.settings_file.toml_file import previous_path, read_settings, write_settings
from pos_client.adapters.settings_file.toml_text import dumps
from pos_client.adapters.settings_file.whole_file import write_whole
from pos_client.bootstrap.arguments import Arguments
from pos_client.bootstrap.saying import sentence
from pos_client.bootstrap.spoken import Spoken, spoken
from pos_client.ports.errors import Unavailable
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
    loaded = read_settings(arguments.file)
    if loaded.settings is None:
        return _refuse(arguments, said, loaded.faults)
    _tell(arguments, said.words.say("settings_file.right"), file=arguments.file)
    return 0


def _export(arguments: Arguments, said: Spoken) -> int:
    loaded = read_settings(said.site.settings, allow_sandbox_secrets=True)
    if loaded.settings is None:
        return _refuse(arguments, said, loaded.faults)
    try:
        write_whole(arguments.file, dumps(exported(loaded.settings)).encode())
    except OSError as error:
        return _not_written(arguments, said, arguments.file, error.strerror or str(error))
    _tell(arguments, said.words.say("settings_file.exported", file=arguments.file), file=arguments.file)
    return 0


def _import(arguments: Arguments, said: Spoken) -> int:
    """Nothing of the present settings is touched before the whole file was found right."""
    loaded = read_settings(arguments.file)
    if loaded.settings is None:
        return _refuse(arguments, said, loaded.faults, said.words.say("settings_file.nothing_changed"))
    target = said.site.settings
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_settings(target, loaded.settings)
    except OSError as error:
        return _not_written(arguments, said, target, error.strerror or str(error))
    except Unavailable as error:
        return _not_written(arguments, said, target, error.detail)
    previous = previous_path(target)
    key = "imported" if previous.exists() else "imported_first"
    _tell(
        arguments,
        said.words.say(f"settings_file.{key}", file=arguments.file, previous=previous),
        file=arguments.file,
        previous=previous if previous.exists() else None,
    )
    return 0


def _refuse(arguments: Arguments, said: Spoken, faults: Sequence[Fault], also: str = "") -> int:
    sentences = [sentence(said.words, fault) for fault in faults]
    if arguments.json:
        listed = [{"place": f.place, "code": f.code, "says": says} for f, says in zip(faults, sentences, strict=True)]
        print(json.dumps({"ok": False, "faults": listed}, ensure_ascii=False, indent=1))
    else:
        print(said.words.say("settings_file.faults", count=len(faults)), file=sys.stderr)
        for says in sentences:
            print(f"  {says}", file=sys.stderr)
        if also:
            print(also, file=sys.stderr)
    return 1


def _not_written(arguments: Arguments, said: Spoken, file: Path, reason: str) -> int:
    says = said.words.say("settings_file.not_written", file=file, reason=reason)
    if arguments.json:
        listed = [{"place": "", "code": "settings_not_saved", "says": says}]
        print(json.dumps({"ok": False, "faults": listed}, ensure_ascii=False, indent=1))
    else:
        print(says, file=sys.stderr)
    return 1


def _tell(arguments: Arguments, says: str, **files: Path | None) -> None:
    if arguments.json:
        named = {name: None if file is None else str(file) for name, file in files.items()}
        print(json.dumps({"ok": True, "says": says, **named}, ensure_ascii=False))
    else:
        print(says)


_ACTIONS = {"show": _show, "check": _check, "export": _export, "import": _import}
