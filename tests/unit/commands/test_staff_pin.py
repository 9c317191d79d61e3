"""`pos-client staff-pin`: a hash for the settings, another one each time; nothing for what is no PIN."""

from __future__ import annotations

import io

import pytest

from pos_client.bootstrap.arguments import parse
from pos_client.domain.staff import fits


def run(monkeypatch: pytest.MonkeyPatch, tmp_path: object, typed: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    arguments = parse(["staff-pin", "--data", str(tmp_path), "--lang", "en"])
    return arguments.run(arguments)


def test_the_hash_fits_and_differs_each_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for _ in range(2):
        assert run(monkeypatch, tmp_path, "246810\n246810\n") == 0
        told.append(capsys.readouterr().out.strip())
    assert told[0] != told[1]
    assert all(fits(b"246810", each) for each in told)


@pytest.mark.parametrize(
    "typed", ["", "1234\n1234\n", "24681x\n24681x\n", "246810\n246811\n", "２４６８１０\n２４６８１０\n"]
)
def test_what_is_no_pin_gives_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    assert run(monkeypatch, tmp_path, typed) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "Nothing has changed" in told.err
