"""Mistakes made on purpose, each by name: a checker that lets one through proves nothing."""

from __future__ import annotations

from pos_client.bootstrap.simulate.mutants.mutant import MUTANTS, applied

__all__ = ["MUTANTS", "applied"]
