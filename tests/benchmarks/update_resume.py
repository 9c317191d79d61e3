"""An update of 100 MB, cut again and again: `python -m tests.benchmarks.update_resume [--cuts N]`.

It prints JSON: what was fetched twice, and how long it took beside the same bytes fetched plainly in the same run.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import requests

from pos_client.adapters.updates.download import Source
from pos_client.domain.release import Package, Version
from pos_client.ports.errors import Unavailable
from tests.releases import packed, program_folder, shelf, web

MEGABYTES = 100


def main() -> None:
    """Prints the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cuts", type=int, default=9)
    cuts: int = asked.parse_args().cuts
    with tempfile.TemporaryDirectory() as place, web() as server:
        folder = Path(place)
        noise = {f"_internal/{n}.so": random.Random(n).randbytes(10**6) for n in range(MEGABYTES)}
        archive = folder / "v.tar.gz"
        package = packed(program_folder(folder / "built", more=noise), archive)
        server.files["v.tar.gz"] = archive.read_bytes()
        source, target = Source(server.url + "manifest"), folder / "downloaded"

        plain = timed(lambda: (folder / "plain").write_bytes(requests.get(server.url + "v.tar.gz", timeout=60).content))
        whole = timed(lambda: source.package(package, target))
        target.unlink()
        server.served, server.cut_after = 0, package.size // (cuts + 1) + 1
        cut = timed(lambda: until_there(source, package, target))
        unpacked = timed(lambda: shelf(folder / "shelf").put(Version(1, 5, 0), target, package))

        figures = {
            "package_mb": package.size / 1e6,
            "plain_s": plain,
            "whole_s": whole,
            "cuts": cuts,
            "cut_s": cut,
            "fetched_twice_mb": (server.served - package.size) / 1e6,
            "compared_unpacked_synced_s": unpacked,
        }
        sys.stdout.write(json.dumps({name: round(value, 2) for name, value in figures.items()}, indent=1) + "\n")


def until_there(source: Source, package: Package, target: Path) -> None:
    """As often as it takes."""
    while True:
        try:
            return source.package(package, target)
        except Unavailable:
            continue


def timed(act: Callable[[], object]) -> float:
    """Seconds."""
    began = perf_counter()
    act()
    return perf_counter() - began


if __name__ == "__main__":
    main()
