"""The sandbox's people as data (`resources/sandbox/station.toml`), and how they get into an empty ledger.

Points die by the programme's rule, as if earned today, or so many days from today: the file holds no calendar date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import msgspec
from sqlalchemy import func, insert, select

from pos_client.domain.programme import expiry_of
from pos_client.sandbox.central.ledger import challenges, funds, passwords, pools, rights
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.quotas import Quota, set_most
from pos_client.sandbox.central.storage.offline_tables import zone_prices
from pos_client.sandbox.central.storage.portal_tables import members, staff, station_places
from pos_client.sandbox.central.storage.tables import accounts, drivers, grades, stations, vehicles, vouchers


class Station(msgspec.Struct, frozen=True):
    """Which station this is; `sms_name` is how a text message names it."""

    code: str
    name: str
    sms_name: str = ""
    zone: str = "1"
    """price zone"""
    province: str = ""
    latitude_e6: int | None = None
    longitude_e6: int | None = None
    """place on the map, in millionths of a degree"""


class GradeEntry(msgspec.Struct, frozen=True):
    """A product that is being sold, and whether it earns (A02, A03)."""

    code: str
    name: str
    earns: bool = True
    unit_price: int = 0


class LotEntry(msgspec.Struct, frozen=True):
    """Points somebody has. `expires` "rule", or `expires_in_days`."""

    points: int
    expires: str = "rule"
    expires_in_days: int | None = None


class DriverEntry(msgspec.Struct, frozen=True):
    """A driver and his PIN (A15)."""

    id: str
    name: str
    pin: str
    password: str | None = None
    right: rights.Scope | None = None


class MemberEntry(msgspec.Struct, frozen=True):
    """Somebody of an organisation who does not drive."""

    id: str
    name: str
    password: str | None = None
    right: rights.Scope | None = None


class StaffEntry(msgspec.Struct, frozen=True):
    """Somebody of head office."""

    id: str
    name: str
    password: str


class VehicleEntry(msgspec.Struct, frozen=True):
    """A vehicle of an organisation."""

    plate: str


class VoucherEntry(msgspec.Struct, frozen=True):
    """Points set aside for a vehicle and its driver (A11)."""

    code: str
    plate: str
    driver: str
    points: int
    expires_in_days: int
    product: str | None = None


class AccountEntry(msgspec.Struct, frozen=True):
    """A customer."""

    number: str
    kind: str
    name: str
    phone: str
    status: str = "active"
    form: str | None = None
    pin: str | None = None
    qr: str | None = None
    password: str | None = None
    lots: tuple[LotEntry, ...] = ()
    drivers: tuple[DriverEntry, ...] = ()
    members: tuple[MemberEntry, ...] = ()
    vehicles: tuple[VehicleEntry, ...] = ()
    vouchers: tuple[VoucherEntry, ...] = ()


class PoolEntry(msgspec.Struct, frozen=True):
    """Accounts that earn into one fund (B03)."""

    code: str
    owner: str
    members: tuple[str, ...]


class Scenario(msgspec.Struct, frozen=True):
    """A station and its customers. Other tables of the file belong to others."""

    station: Station
    grades: tuple[GradeEntry, ...] = ()
    accounts: tuple[AccountEntry, ...] = ()
    pools: tuple[PoolEntry, ...] = ()
    staff: tuple[StaffEntry, ...] = ()
    quotas: dict[Quota, int] = {}
    """limits that are not the usual ones: people of a sandbox are looked up and sent codes all day"""


def read_scenario(source: Mapping[str, object]) -> Scenario:
    """The scenario in a parsed file. Raises `msgspec.ValidationError`, which names the place."""
    return msgspec.convert(source, Scenario)


def set_up(book: Book, scenario: Scenario) -> bool:
    """Fill an empty ledger; False when somebody is there already, and nothing is touched."""
    if book.db.scalar(select(func.count()).select_from(accounts)):
        return False
    station = scenario.station
    book.db.execute(
        insert(stations).values(code=station.code, name=station.name, sms_name=station.sms_name or station.name)
    )
    book.db.execute(
        insert(station_places).values(
            station=station.code,
            zone=int(station.zone),
            province=station.province,
            latitude_e6=station.latitude_e6,
            longitude_e6=station.longitude_e6,
        )
    )
    for quota, times in scenario.quotas.items():
        set_most(book, quota, times)
    for grade in scenario.grades:
        book.db.execute(insert(grades).values(code=grade.code, name=grade.name, earns=grade.earns))
        if grade.unit_price:
            price = {"zone": station.zone, "grade": grade.code, "unit_price": grade.unit_price}
            book.db.execute(insert(zone_prices).values(from_ms=book.now_ms, **price))
    for account in scenario.accounts:
        _account(book, account)
    for pool in scenario.pools:
        pools.form(book, pool.code, pool.owner, pool.members)
    for person in scenario.staff:
        book.db.execute(insert(staff).values(id=person.id, name=person.name))
    for login in _logins(scenario):
        passwords.put(book, login["subject"], login["password"], passwords.COST_OF_SANDBOX)
    return True


def secrets_of(scenario: Scenario) -> list[dict[str, str]]:
    """PINs of the sandbox's people, for its own control address."""
    told = [
        {"who": account.number, "kind": "organisation_pin", "name": account.name, "pin": account.pin}
        for account in scenario.accounts
        if account.pin is not None
    ]
    for account in scenario.accounts:
        for driver in account.drivers:
            held = [voucher.code for voucher in account.vouchers if voucher.driver == driver.id]
            told.append(
                {
                    "who": driver.id,
                    "kind": "driver_pin",
                    "name": driver.name,
                    "pin": driver.pin,
                    "account": account.number,
                    "vouchers": ",".join(held),
                }
            )
    return told


def passwords_of(scenario: Scenario) -> list[dict[str, str]]:
    """Who may log in to the portal and with what, for the sandbox's own control address."""
    return [{key: login[key] for key in ("who", "kind", "name", "password")} for login in _logins(scenario)]


def _logins(scenario: Scenario) -> Iterator[dict[str, str]]:
    for account in scenario.accounts:
        yield from _login("account", account.kind, account.number, account)
        for driver in account.drivers:
            yield from _login("driver", "driver", driver.id, driver)
        for member in account.members:
            yield from _login("member", "member", member.id, member)
    for person in scenario.staff:
        yield from _login("staff", "staff", person.id, person)


def _login(
    realm: str, kind: str, who: str, entry: AccountEntry | DriverEntry | MemberEntry | StaffEntry
) -> Iterator[dict[str, str]]:
    if entry.password is not None:
        yield {
            "subject": f"{realm}:{who}",
            "who": who,
            "kind": kind,
            "name": entry.name,
            "password": entry.password,
        }


def _account(book: Book, account: AccountEntry) -> None:
    book.db.execute(
        insert(accounts).values(
            number=account.number,
            kind=account.kind,
            name=account.name,
            phone=account.phone,
            status=account.status,
            form=account.form,
            qr=account.qr,
        )
    )
    if account.pin is not None:
        challenges.set_pin(book, f"account:{account.number}", account.pin)
    for lot in account.lots:
        funds.credit(book, account.number, "opening", lot.points, _last_day(book, lot), "opening")
    for driver in account.drivers:
        book.db.execute(insert(drivers).values(id=driver.id, account=account.number, name=driver.name))
        challenges.set_pin(book, f"driver:{driver.id}", driver.pin)
        if driver.right is not None:
            rights.grant(book, f"driver:{driver.id}", driver.right)
    for member in account.members:
        book.db.execute(insert(members).values(id=member.id, account=account.number, name=member.name, active=True))
        if member.right is not None:
            rights.grant(book, f"member:{member.id}", member.right)
    for vehicle in account.vehicles:
        book.db.execute(insert(vehicles).values(plate=vehicle.plate, account=account.number))
    for voucher in account.vouchers:
        book.db.execute(
            insert(vouchers).values(
                code=voucher.code,
                account=account.number,
                plate=voucher.plate,
                driver=voucher.driver,
                product=voucher.product,
                expires_on=(book.today + timedelta(days=voucher.expires_in_days)).isoformat(),
                status="active",
            )
        )
        funds.move(book, account.number, voucher.code, voucher.points, voucher.code)


def _last_day(book: Book, lot: LotEntry) -> date:
    if lot.expires_in_days is not None:
        return book.today + timedelta(days=lot.expires_in_days)
    return expiry_of(book.profile, book.today)
