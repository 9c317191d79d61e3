"""Runs before the program: a Windows program without a console has no standard streams, and ours may print."""

import os
import sys

for _name in ("stdout", "stderr"):
    if getattr(sys, _name) is None:
        setattr(sys, _name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # open as long as the program runs
