"""A theme as Qt draws it: fonts, colours and pixels at the scale of one window, and the style sheet made from them.

Each window owns one `Style` and hands it to its widgets. When the window grows, `rescale` changes the pixels and the
window sets its sheet again; widgets see `StyleChange`, ask for their sizes anew and repaint. Painters ask for a colour
or a font at each paint, so nothing goes stale.
"""

from __future__ import annotations

from math import ceil
from weakref import WeakKeyDictionary

from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QGridLayout, QLayout
from shiboken6 import isValid

from pos_client.ui.assets import FAMILY
from pos_client.ui.theme import Theme
from pos_client.ui.tone import Tone

REGULAR, MEDIUM, SEMIBOLD, BOLD = (
    QFont.Weight.Normal,
    QFont.Weight.Medium,
    QFont.Weight.DemiBold,
    QFont.Weight.Bold,
)

Around = str | tuple[str, str] | tuple[str, str, str, str]
"""Steps of the scale of spaces: all round; left and right, above and below; or left, above, right, below."""


class Style:
    """Colours, fonts, spaces and pixels of one window."""

    def __init__(self, theme: Theme, scale_percent: int = 100) -> None:
        self.theme = theme
        self.scale_percent = scale_percent
        self.dense = 1.0
        """pixels of the screen to one of the window"""
        self.compact = False
        """the window is low: heights that may give way do"""
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[int, int], QFont] = {}
        self._laid: WeakKeyDictionary[QLayout, tuple[str | tuple[str, str], Around | None]] = WeakKeyDictionary()

    def rescale(self, percent: int, *, compact: bool = False, dense: float = 1.0) -> bool:
        """Take another scale; True when it differs from the one before."""
        changed = (percent, compact, dense) != (self.scale_percent, self.compact, self.dense)
        self.scale_percent, self.compact, self.dense = percent, compact, dense
        if changed:
            for layout, (gap, around) in list(self._laid.items()):
                self._space_out(layout, gap, around)
        return changed

    def room(self, usual: int, low: int) -> int:
        """A height in design pixels: the usual one, or that of a low window."""
        return self.px(low if self.compact else usual)

    def px(self, pixels: int) -> int:
        """Design pixels to pixels of this window."""
        return (pixels * self.scale_percent + 50) // 100

    @property
    def corner(self) -> int:
        """Pixels of a card's round corner."""
        return self.px(self.theme.shape_px["corner"])

    @property
    def key_corner(self) -> int:
        """Pixels of the round corner of what a finger hits."""
        return self.px(self.theme.shape_px["key_corner"])

    def space(self, step: str) -> int:
        """Pixels of a step of the scale of spaces."""
        return self.px(self.theme.space_px[step])

    def lay(self, layout: QLayout, gap: str | tuple[str, str] = "none", around: Around | None = None) -> None:
        """Space a layout out, now and at each new scale: `gap` between its parts (across and down in a grid), `around`
        all of them; None: none of its own."""
        if {gap, around} - {"none", None}:
            self._laid[layout] = gap, around
        self._space_out(layout, gap, around)

    def _space_out(self, layout: QLayout, gap: str | tuple[str, str], around: Around | None) -> None:
        if not isValid(layout):
            return
        if isinstance(layout, QGridLayout) and isinstance(gap, tuple):
            layout.setHorizontalSpacing(self.space(gap[0]))
            layout.setVerticalSpacing(self.space(gap[1]))
        else:
            layout.setSpacing(self.space(gap if isinstance(gap, str) else gap[0]))
        if around is not None:
            steps = (around,) * 4 if isinstance(around, str) else around * (4 // len(around))
            layout.setContentsMargins(*(self.space(step) for step in steps))

    def touch(self, design_px: int = 0) -> int:
        """Height of what a finger hits, `design_px` if that is more: in a small window keys do not shrink with it."""
        least = self.theme.shape_px["touch"]
        return max(self.px(max(design_px, least)), ceil(least / self.dense))

    def readable(self, pixels: int) -> int:
        """A type size, already scaled, or the smallest one eyes can read: words do not shrink below it either."""
        return max(pixels, ceil(self.theme.type_px["small"] / self.dense))

    def size(self, name: str) -> int:
        """Pixel size of a step of the type scale."""
        return self.readable(self.px(self.theme.type_px[name]))

    def colour(self, role: str) -> QColor:
        """The colour of a role."""
        if role not in self._colours:
            self._colours[role] = QColor(self.theme.colour(role))
        return self._colours[role]

    def tone(self, tone: Tone, part: str) -> QColor:
        """The colour of one part of a tone."""
        return self.colour(f"{tone.value}.{part}")

    def font(self, size: str, weight: QFont.Weight = REGULAR) -> QFont:
        """The font of a step of the type scale."""
        return self.font_px(self.size(size), weight)

    def font_px(self, pixels: int, weight: QFont.Weight = REGULAR) -> QFont:
        """A font of that many pixels, already scaled, if that can be read."""
        pixels = self.readable(pixels)
        key = (pixels, weight.value)
        if key not in self._fonts:
            font = QFont(FAMILY)
            font.setPixelSize(pixels)
            font.setWeight(weight)
            self._fonts[key] = font
        return self._fonts[key]

    def sheet(self) -> str:
        """The style sheet of the window, from the tokens; what has no rule here paints itself."""
        c, corner, key = self.theme.colour, self.corner, self.key_corner
        body, small, touch = self.size("body"), self.size("small"), self.touch()
        tones = "\n".join(
            f'QLabel[role="tone-{tone.value}"] {{ color: {c(f"{tone.value}.ink")}; font-weight: 600; }}'
            for tone in Tone
        )
        return f"""
        QWidget {{ color: {c("ink")}; font-family: "{FAMILY}"; font-size: {body}px; }}
        QWidget#cashier, QWidget#customer, QWidget#technician {{ background: {c("paper")}; }}
        QFrame[panel="true"] {{ background: {c("panel")}; border: 1px solid {c("line")}; border-radius: {corner}px; }}
        QLabel {{ background: transparent; border: none; }}
        QLabel[role="title"] {{ font-size: {self.size("title")}px; font-weight: 700; }}
        QLabel[role="strong"] {{ font-weight: 600; }}
        QLabel[role="soft"] {{ color: {c("soft")}; }}
        QLabel[role="help"] {{ color: {c("soft")}; font-size: {small}px; }}
        QLabel[role="fault"] {{ color: {c("danger.ink")}; font-size: {small}px; font-weight: 600; }}
        QLabel[role="done"] {{ color: {c("done.ink")}; font-weight: 600; }}
        {tones}
        QLineEdit, QSpinBox, QComboBox {{
            background: {c("panel")}; color: {c("ink")}; border: 1px solid {c("edge")};
            border-radius: {key}px; padding: 0 {self.space("near")}px; min-height: {touch - 2}px;
            selection-background-color: {c("accent")}; selection-color: {c("on_accent")};
        }}
        QLineEdit:focus, QSpinBox:focus, QComboBox:focus {{ border: 2px solid {c("accent")}; }}
        QLineEdit[fault="true"], QComboBox[fault="true"] {{ border: 2px solid {c("danger.line")}; }}
        QLineEdit[entry="true"] {{ font-size: {self.size("figure")}px; font-weight: 600; min-height: {touch - 2}px; }}
        QComboBox::drop-down {{ border: none; width: {self.px(30)}px; }}
        QComboBox::down-arrow {{ image: none; }}
        QComboBox QAbstractItemView {{ background: {c("panel")}; color: {c("ink")}; outline: none;
            selection-background-color: {c("progress.solid")}; selection-color: {c("progress.on_solid")}; }}
        QPushButton {{
            background: {c("sunken")}; color: {c("ink")}; border: 1px solid {c("edge")};
            border-radius: {key}px; padding: 0 {self.space("wide")}px; min-height: {touch}px; font-weight: 600;
        }}
        QPushButton:hover {{ background: {c("neutral.solid")}; }}
        QPushButton:pressed {{ background: {c("line")}; }}
        QPushButton:disabled {{ color: {c("soft")}; border-color: {c("line")}; background: {c("sunken")}; }}
        QPushButton[kind="primary"] {{ background: {c("accent")}; color: {c("on_accent")}; border-color: transparent; }}
        QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{ background: {c("accent_down")}; }}
        QPushButton[kind="danger"] {{ background: {c("danger.solid")}; color: {c("danger.on_solid")}; border: none; }}
        QPushButton[kind="tab"] {{ background: transparent; border-color: transparent; text-align: left; }}
        QPushButton[kind="tab"]:hover {{ background: {c("neutral.solid")}; }}
        QPushButton[kind="tab"]:pressed {{ background: {c("line")}; }}
        QPushButton[narrow="true"] {{ padding: 0 {self.space("near")}px; }}
        QTableView {{ background: {c("panel")}; border: none; }}
        QHeaderView {{ background: {c("sunken")}; border: none; }}
        QPushButton[kind="tab"]:checked {{ background: {c("progress.solid")}; color: {c("progress.on_solid")}; }}
        QPushButton[kind="toggle"]:checked {{ background: {c("progress.solid")}; color: {c("progress.on_solid")};
            border: 2px solid {c("progress.line")}; }}
        QPushButton:focus, QPushButton[kind="tab"]:focus, QPushButton[kind="toggle"]:focus {{
            border: 2px solid {c("accent")}; padding: 0 {self.space("wide") - 1}px; }}
        QPushButton[kind="primary"]:focus, QPushButton[kind="tab"]:checked:focus,
        QPushButton[kind="toggle"]:checked:focus {{ border: 2px solid {c("ink")};
            padding: 0 {self.space("wide") - 1}px; }}
        QPushButton[narrow="true"]:focus {{ padding: 0 {self.space("near") - 1}px; }}
        QPushButton[kind="tab"]:checked:pressed, QPushButton[kind="toggle"]:checked:pressed {{
            background: {c("line")}; color: {c("ink")}; }}
        QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
        QScrollArea:focus {{ border: 2px solid {c("accent")}; }}
        QScrollBar:vertical {{ background: transparent; width: {self.px(14)}px; margin: 0; }}
        QScrollBar::handle:vertical {{ background: {c("edge")}; border-radius: {self.px(5)}px; margin: 2px;
            min-height: {self.px(40)}px; }}
        QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
            background: transparent; height: 0; }}
        """
