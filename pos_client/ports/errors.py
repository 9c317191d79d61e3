"""The type of an error says whose turn it is.

`Unavailable`: keep it and try later. `Refused`: the peer said no; show the reason.
"""

from __future__ import annotations


class Unavailable(Exception):
    """A device, disk or service cannot answer now. `code` names the cause for the catalogue; `detail` is logged."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class Refused(Exception):
    """The peer understood and said no."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
