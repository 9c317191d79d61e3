"""Plots for people who would rather look than read: SVG without a script, in the colours of the terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from pos_client.domain.formatting import grouped

_HEIGHT, _WIDTH = 280, 900
_SVG = "http://www.w3.org/2000/svg"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""For a plot alone, which is an image: pygal writes its colours into the picture."""


def bars(names: Sequence[str], series: Mapping[str, Sequence[int]]) -> bytes:
    """One group of bars a name."""
    return _drawn("Bar", names, series)


def lines(names: Sequence[str], series: Mapping[str, Sequence[int | None]]) -> bytes:
    """One line a series."""
    return _drawn("Line", names, series)


def _library() -> Any:
    """pygal, when a plot is first wanted, without the import hook for plug-ins it leaves in the interpreter: that one
    is of a kind Python no longer knows, and makes every later import warn."""
    before = list(sys.meta_path)
    import pygal
    import pygal.style

    sys.meta_path[:] = [finder for finder in sys.meta_path if finder in before]
    return pygal


def _drawn(kind: str, names: Sequence[str], series: Mapping[str, Sequence[int | None]]) -> bytes:
    pygal = _library()
    config = pygal.Config(
        js=[],
        height=_HEIGHT,
        width=_WIDTH,
        style=pygal.style.Style(
            background="#ffffff",
            plot_background="#ffffff",
            foreground="#0f1b2d",
            foreground_strong="#0f1b2d",
            foreground_subtle="#d5dce6",
            colors=("#0b4ea2", "#f47a20", "#2c8a54", "#b07d10", "#b3211f"),
            font_family="Be Vietnam Pro, sans-serif",
            label_font_size=13,
            major_label_font_size=13,
            legend_font_size=14,
            no_data_font_size=18,
        ),
        legend_at_bottom=True,
        legend_at_bottom_columns=min(4, max(1, len(series))),
        order_min=0,
        x_label_rotation=0,
        value_formatter=_whole,
        max_scale=6,
        show_dots=kind == "Line",
        margin=12,
        margin_bottom=24,
    )
    chart = getattr(pygal, kind)(config, x_labels=list(names))
    for name, values in series.items():
        chart.add(name, list(values))
    return _without_scripts(chart.render(disable_xml_declaration=True))


def _whole(value: float) -> str:
    """Points and people are whole; between them an axis says nothing."""
    return grouped(int(value)) if value == int(value) else ""


def _without_scripts(drawn: str) -> bytes:
    """pygal leaves a script in every picture, for tooltips nobody can see in an image."""
    picture = ElementTree.fromstring(drawn)
    for parent in list(picture.iter()):
        for script in [each for each in parent if each.tag == f"{{{_SVG}}}script"]:
            parent.remove(script)
    ElementTree.register_namespace("", _SVG)
    bare: bytes = ElementTree.tostring(picture, encoding="utf-8")
    return bare
