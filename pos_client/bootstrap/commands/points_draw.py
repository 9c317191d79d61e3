"""`pos-client points PROGRAMME draw`: repeats a prize draw, so that anybody can check a published one (A30-A33).

The list of codes is a text file, a line each: `CODE ACCOUNT [NAME]`. With `--seed` alone it prints the commitment that
is published before a draw; with the list it draws, and compares the seed with the published `--commitment`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pos_client.domain.errors import RuleViolation
from pos_client.domain.programme import Profile
from pos_client.domain.programme.draw import (
    SEED_BYTES,
    DrawCode,
    as_published,
    commitment_to,
    digest_of,
    draw,
    prize_table,
)


def repeat(profile: Profile, seed_hex: str, commitment: str | None, beacon: str, codes: Path | None) -> dict[str, Any]:
    """The drawing, names masked. Raises `RuleViolation` (see `draw`; `seed_unreadable`, `codes_unreadable`)."""
    seed = _seed(seed_hex)
    if codes is None:
        return {"commitment": commitment_to(seed)}
    listed, names = _codes(codes)
    drawing = draw(listed, prize_table(profile), seed, commitment or commitment_to(seed), beacon)
    return {
        "commitment": drawing.commitment,
        "commitment_checked": commitment is not None,
        "list_digest": digest_of(listed),
        "beacon": beacon,
        "codes": len(listed),
        "wins": as_published(drawing, names),
    }


def _seed(text: str) -> bytes:
    try:
        seed = bytes.fromhex(text)
    except ValueError:
        seed = b""
    if len(seed) < SEED_BYTES:
        raise RuleViolation("seed_unreadable", bytes=SEED_BYTES)
    return seed


def _codes(file: Path) -> tuple[list[DrawCode], dict[str, str]]:
    try:
        lines = [line.split(maxsplit=2) for line in file.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise RuleViolation("codes_unreadable", line=0, reason=str(error)) from error
    for number, line in enumerate(lines, 1):
        if len(line) < 2:
            raise RuleViolation("codes_unreadable", line=number, reason="CODE ACCOUNT [NAME]")
    names = {line[1]: line[2] for line in lines if len(line) == 3}
    return [DrawCode(line[0], line[1]) for line in lines], names
