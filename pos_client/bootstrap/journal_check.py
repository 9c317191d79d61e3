"""Everything that can be said of a book without touching it: its chain, its mirror, what head office signed for.

What is needed for it lies in different places: the key of the chain in the key store of this computer and this user,
head office's public key and the mirror's folder in the settings beside the book. Whatever is not at hand is said, and
the rest is checked all the same.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from pos_client.adapters.central_http import signed
from pos_client.adapters.sqlite.mirror_check import MirrorVerdict, hold_against
from pos_client.adapters.sqlite.reader import JournalReader, Verdict
from pos_client.bootstrap.books import CHAIN_KEY
from pos_client.bootstrap.enrolling import open_secrets
from pos_client.bootstrap.paths import Site
from pos_client.domain.acknowledgement import Acknowledgement
from pos_client.domain.certificate import DayCertificate, Signed, sums_of
from pos_client.domain.moment import VIETNAM
from pos_client.ports.errors import Refused, Unavailable
from pos_client.settings.model import Settings
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class AtHand:
    """What could be found to check a book with. `key_trouble`: why the chain's key is not among it."""

    settings: Settings | None
    mirror: Path
    key: bytes | None
    key_trouble: str | None


@dataclass(frozen=True, slots=True)
class AcknowledgedVerdict:
    """What head office acknowledged, beside the book. `broken_at`: the first row that is not the one it signed for."""

    kept: int
    newest: int
    signatures_checked: bool
    broken_at: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BookVerdict:
    """All three."""

    chain: Verdict
    mirror: MirrorVerdict | None
    acknowledged: AcknowledgedVerdict
    key_trouble: str | None

    @property
    def broken_at(self) -> int | None:
        """The first row anything is wrong with."""
        found = [self.chain.broken_at, self.acknowledged.broken_at]
        if self.mirror is not None:
            found.append(self.mirror.differs_at)
        return min((row for row in found if row is not None), default=None)

    @property
    def reason(self) -> str:
        """What is wrong with it."""
        at = self.broken_at
        if at is None:
            return ""
        if self.chain.broken_at == at:
            return self.chain.reason
        if self.acknowledged.broken_at == at:
            return self.acknowledged.reason
        return "the mirror holds another row"

    @property
    def is_whole(self) -> bool:
        """Nothing that was checked is wrong."""
        beyond = self.mirror is not None and self.mirror.beyond > 0
        return self.broken_at is None and not beyond


def at_hand(book: Path) -> AtHand:
    """What lies beside a book, and in this user's key store."""
    from pos_client.adapters.settings_file.toml_file import read_settings

    site = Site(book.parent)
    settings = read_settings(site.settings, allow_sandbox_secrets=True).settings
    return with_settings(settings, site)


def with_settings(settings: Settings | None, site: Site) -> AtHand:
    """The same for whoever has read the settings already."""
    folder = settings.books.mirror_folder if settings is not None else ""
    key, trouble = _chain_key(settings, site)
    return AtHand(settings, Path(folder) if folder else site.journal.with_name("mirror"), key, trouble)


def check(reader: JournalReader, found: AtHand) -> BookVerdict:
    """Chain, mirror and acknowledgements of a book. Raises `Unavailable` for one that cannot be read."""
    keys = {} if found.key is None else {reader.newest_key(): found.key}
    chain = reader.verify(keys)
    mirror = hold_against(found.mirror, reader.rows()) if chain.broken_at is None else None
    return BookVerdict(chain, mirror, _acknowledged(reader, found), found.key_trouble if chain.unchecked else None)


def certificate(reader: JournalReader, found: AtHand, day: date | None = None) -> DayCertificate:
    """A day of a book (None: the day of its last row). Raises `Unavailable` for one that cannot be read."""
    verdict = check(reader, found)
    wanted = day or _last_day(reader, verdict)
    entries = reader.everything() if verdict.chain.broken_at is None else iter(())
    of_day = [entry for entry in entries if entry.at.astimezone(VIETNAM).date() == wanted]
    waiting, in_doubt, parked = reader.waiting()
    newest = reader.newest_acknowledgement()
    first, last = (of_day[0].seq, of_day[-1].seq) if of_day else (0, 0)
    held = newest.seq if newest is not None and verdict.acknowledged.broken_at is None else 0
    station = found.settings.station if found.settings is not None else None
    return DayCertificate(
        station=station.station if station else "?",
        terminal=station.terminal if station else "?",
        day=wanted,
        sums=sums_of(of_day),
        written=len(of_day),
        first_seq=first,
        last_seq=last,
        first_mac=(reader.mac_of(first) or b"").hex(),
        last_mac=(reader.mac_of(last) or b"").hex(),
        acknowledged=sum(entry.seq <= held for entry in of_day),
        waiting=waiting,
        in_doubt=in_doubt,
        parked=parked,
        broken_at=verdict.broken_at,
        broken_why=verdict.reason,
        unchecked=verdict.chain.unchecked,
        key_trouble=verdict.key_trouble,
        signed=None if newest is None else _signed(newest, verdict.acknowledged),
    )


def _last_day(reader: JournalReader, verdict: BookVerdict) -> date:
    newest = reader.newest(1) if verdict.chain.broken_at is None else []
    return (newest[0].at if newest else datetime.now(VIETNAM)).astimezone(VIETNAM).date()


def _signed(newest: Acknowledgement, verdict: AcknowledgedVerdict) -> Signed:
    checked = False if verdict.broken_at is not None else True if verdict.signatures_checked else None
    return Signed(newest.seq, newest.at, newest.epoch, checked)


def _acknowledged(reader: JournalReader, found: AtHand) -> AcknowledgedVerdict:
    given = reader.acknowledgements()
    central = found.settings.central.permit_key if found.settings is not None else ""
    till = found.settings.station.till if found.settings is not None else ""
    newest = max((each.seq for each in given), default=0)
    for each in given:
        if reader.mac_of(each.seq) != each.mac:
            return AcknowledgedVerdict(len(given), newest, bool(central), each.seq, "is not the row head office holds")
        if central:
            try:
                says = signed.acknowledgement(each.signed, central, till)
            except Refused as error:
                return AcknowledgedVerdict(len(given), newest, True, each.seq, error.code)
            if says != each:
                return AcknowledgedVerdict(len(given), newest, True, each.seq, "head office signed for something else")
    return AcknowledgedVerdict(len(given), newest, bool(central))


def _chain_key(settings: Settings | None, site: Site) -> tuple[bytes | None, str | None]:
    try:
        key = open_secrets(settings or Settings(), site).get(CHAIN_KEY)
    except Unavailable as error:
        return None, error.code
    return (key, None) if key is not None else (None, "secrets_no_such_key")
