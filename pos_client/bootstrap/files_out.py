"""Documents as files, where a person would look for them: named by what they are, where and when; none is written over
another, none is half there, and a file that could not be written has a reason in words."""

from __future__ import annotations

import errno
from dataclasses import field, replace
from pathlib import Path

from pos_client.adapters.settings_file.whole_file import write_whole
from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.folders import folders
from pos_client.bootstrap.paths import Site
from pos_client.domain.formatting import timestamp
from pos_client.domain.sheets import sheets_as_csv
from pos_client.settings.model import StationSettings
from pos_client.ui.exports.document import Document, Exported, Trouble
from pos_client.ui.formats import Format
from pos_client.value import dataclass

_TROUBLE = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EFBIG: Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
    errno.EACCES: Trouble.READ_ONLY,
    errno.EPERM: Trouble.READ_ONLY,
    errno.ENOENT: Trouble.GONE,
    errno.ENOTDIR: Trouble.GONE,
    errno.EIO: Trouble.GONE,
    errno.ENODEV: Trouble.GONE,
}


@dataclass(slots=True)
class FilesOut:
    """The files of one till."""

    site: Site
    station: StationSettings
    clock: SystemClock = field(default_factory=SystemClock)
    folder: Path | None = None
    """where files go; None: where a person would look, memory sticks first"""

    def write(self, document: Document, form: Format) -> Exported:
        """A document as a file. Never raises."""
        now = self.clock.now().wall
        document = replace(document, note=" · ".join(part for part in (document.note, timestamp(now)) if part))
        try:
            content = _content(document, form)
            file = self._free(
                f"{document.name}-{self.station.station}-{self.station.terminal}-{now:%Y%m%d-%H%M%S}", form
            )
            write_whole(file, content)
        except OSError as error:
            trouble = _TROUBLE.get(error.errno or 0, Trouble.FAILED)
            return Exported(trouble=trouble, detail=error.strerror or str(error))
        return Exported(str(file), document.sales, document.cut)

    def _free(self, name: str, form: Format) -> Path:
        """A name nobody has: files of one second are numbered."""
        folder = self.folder or folders(self.site)[0]
        file, number = folder / f"pos-client-{name}.{form.value}", 2
        while file.exists():
            file, number = folder / f"pos-client-{name}-{number}.{form.value}", number + 1
        return file


def _content(document: Document, form: Format) -> bytes:
    match form:
        case Format.CSV:
            return sheets_as_csv(document.sheets)
        case Format.XLSX:
            from pos_client.adapters.reports.workbook import as_xlsx

            return as_xlsx(document.sheets)
        case Format.PDF:
            from pos_client.ui.exports.pdf import as_pdf

            return as_pdf(document)
