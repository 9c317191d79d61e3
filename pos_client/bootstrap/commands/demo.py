"""`pos-client demo`: the real program on the sandbox, by hand or (`--headless`) by scenario."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from pos_client.bootstrap.arguments import Arguments


def run(arguments: Arguments) -> int:
    """Exit 0 when everything asked for succeeded, 1 when a scenario failed, 2 for an unknown scenario."""
    from pos_client.bootstrap.system_libraries import explain_missing, explain_no_display

    needs_display = not (arguments.headless or arguments.list_scenarios)
    if (missing := explain_missing() or (explain_no_display() if needs_display else None)) is not None:
        print(missing, file=sys.stderr)
        return 1
    if arguments.headless:
        os.environ["QT_QPA_PLATFORM"] = os.environ.get("POS_CLIENT_DEMO_PLATFORM", "offscreen")
    from pos_client.bootstrap.demo.scenarios import SCENARIOS, title

    if arguments.list_scenarios:
        for name in SCENARIOS:
            print(f"{name:24} {title(name)}")
        return 0
    unknown = [name for name in arguments.scenario if name not in SCENARIOS]
    if unknown:
        print(f"unknown scenario: {', '.join(unknown)}; there are: {', '.join(SCENARIOS)}", file=sys.stderr)
        return 2
    if (unwritable := _make_room(arguments)) is not None:
        print(f"pos-client demo: {unwritable}", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="pos-client-demo-"))
    try:
        if arguments.headless:
            return _headless(arguments, folder)
        from pos_client.bootstrap.demo.by_hand import play

        return play(folder, arguments.lang, arguments.seed)
    finally:
        if arguments.keep:
            print(f"left behind: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _make_room(arguments: Arguments) -> OSError | None:
    """Where pictures and report go is tried before anything is played; what is wrong with it, if anything."""
    try:
        if arguments.screenshots is not None:
            arguments.screenshots.mkdir(parents=True, exist_ok=True)
        if arguments.report is not None:
            arguments.report.parent.mkdir(parents=True, exist_ok=True)
            arguments.report.open("a").close()
    except OSError as error:
        return error
    return None


def _headless(arguments: Arguments, folder: Path) -> int:
    from pos_client.bootstrap.demo.headless import play_all
    from pos_client.bootstrap.demo.scenarios import SCENARIOS

    names = arguments.scenario or list(SCENARIOS)
    report = play_all(names, folder, arguments.lang, arguments.seed, arguments.screenshots)
    if arguments.report is not None:
        arguments.report.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")
    failed = [scenario["name"] for scenario in report["scenarios"] if not scenario["ok"]]
    print(
        f"{len(names) - len(failed)} of {len(names)} scenarios ok"
        + (f"; failed: {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0
