"""What pages are drawn with: words in two languages, templates that escape, the colours of the terminal's tokens."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pos_client.domain import formatting
from pos_client.domain.catalogue import Catalogue, flatten
from pos_client.sandbox.central.ledger.customers import display_number, mask_phone
from pos_client.sandbox.central.ledger.moment import from_ms

LANGUAGES = ("vi", "en")
STATIC = Path(__file__).parent / "static"
_FONT_FILES = {400: "400Regular", 500: "500Medium", 600: "600SemiBold", 700: "700Bold"}


class Look:
    """Words, templates, style sheet and fonts, read once."""

    def __init__(self, resources: Path) -> None:
        self._words = {language: _catalogue(resources / "portal" / language, language) for language in LANGUAGES}
        self.style = _style(resources)
        self.fonts = {
            f"{weight}.ttf": resources / "fonts" / "be-vietnam-pro" / f"BeVietnamPro_{name}.ttf"
            for weight, name in _FONT_FILES.items()
        }
        self._templates = Environment(
            loader=PackageLoader("pos_client.sandbox.portal"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            grouped=formatting.grouped,
            money=formatting.money,
            litres=formatting.litres,
            plate=formatting.plate,
            day=_day,
            moment=_moment,
            number=display_number,
            phone=mask_phone,
        )

    def words(self, language: str) -> Catalogue:
        """The words of a language; of Vietnamese for one we do not have."""
        return self._words.get(language, self._words["vi"])

    def draw(self, template: str, values: Mapping[str, Any]) -> str:
        """A page as HTML."""
        return self._templates.get_template(template).render(values)


def _day(value: date | str) -> str:
    """A day or its ISO text as 31/03/2027."""
    return formatting.day(value if isinstance(value, date) else date.fromisoformat(value))


def _moment(ms: int) -> str:
    """31/03/2027 14:32."""
    at = from_ms(ms)
    return f"{formatting.day(at.date())} {formatting.clock(at)}"


def _catalogue(folder: Path, language: str) -> Catalogue:
    texts: dict[str, str] = {}
    for file in sorted(folder.glob("*.toml")):
        texts.update(flatten(tomllib.loads(file.read_text("utf-8"))))
    return Catalogue(language, texts)


def _style(resources: Path) -> str:
    """Our style sheet under the tokens' colours, by day and by night."""
    tokens = tomllib.loads((resources / "styles" / "tokens.toml").read_text("utf-8"))
    faces = "".join(
        f'@font-face{{font-family:"Be Vietnam Pro";font-weight:{weight};font-display:swap;'
        f'src:url("/static/{weight}.ttf") format("truetype")}}\n'
        for weight in _FONT_FILES
    )
    by_day, by_night = (_variables(tokens[theme]) for theme in ("day", "night"))
    night = f"@media (prefers-color-scheme:dark){{:root{{{by_night}}}}}\n"
    return f"{faces}:root{{{by_day}}}\n{night}{(STATIC / 'portal.css').read_text('utf-8')}"


def _variables(theme: Mapping[str, object]) -> str:
    flat = flatten(theme)
    return "".join(f"--{name.replace('.', '-').replace('_', '-')}:{colour};" for name, colour in flat.items())
