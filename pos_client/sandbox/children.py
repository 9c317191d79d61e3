"""Processes of our own that never outlive us."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

END_S = 5.0
"""Who was asked to end has so long, each time more firmly."""


@contextmanager
def children(commands: list[list[str]]) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that end with this block: asked by closing their input, then told, then killed."""
    started: list[subprocess.Popen[str]] = []
    try:
        for command in commands:
            started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        yield started
    finally:
        for child in started:
            if child.stdin is not None:
                child.stdin.close()
        for child in started:
            _end(child)


def _end(child: subprocess.Popen[str]) -> None:
    for insist in (None, child.terminate, child.kill):
        if insist is not None:
            insist()
        try:
            child.wait(END_S)
            break
        except subprocess.TimeoutExpired:
            continue
    if child.stdout is not None:
        child.stdout.close()


def first_line(child: subprocess.Popen[str]) -> Any:
    """What a part says when it is ready; None when it ended without a word."""
    assert child.stdout is not None
    line = child.stdout.readline()
    return json.loads(line) if line else None
