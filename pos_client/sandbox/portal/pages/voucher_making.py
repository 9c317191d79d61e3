"""Making vouchers: one, the fund split by vehicle, or a spreadsheet; looked at first, then confirmed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pos_client.domain import formatting
from pos_client.domain.errors import RuleViolation
from pos_client.domain.programme import expiry_of
from pos_client.sandbox.central.ledger import funds, pools
from pos_client.sandbox.central.storage.tables import drivers, grades, vehicles
from pos_client.sandbox.portal import spreadsheet, voucher_batch
from pos_client.sandbox.portal.look import LANGUAGES
from pos_client.sandbox.portal.pages.vouchers import MANAGERS, names_of_drivers
from pos_client.sandbox.portal.routing import get, post
from pos_client.sandbox.portal.visit import Visit
from pos_client.sandbox.portal.voucher_batch import FIELDS, FaultyRows


def show_new(visit: Visit) -> Response:
    """The form of one voucher."""
    return _form(visit, "voucher_new.html")


def make_new(visit: Visit) -> Response:
    """Look at it."""
    return _look(visit, [(1, {name: visit.field(name) for name in FIELDS})], "voucher_new.html")


def show_split(visit: Visit) -> Response:
    """One line for each vehicle."""
    return _form(visit, "voucher_split.html")


def split(visit: Visit) -> Response:
    """Look at the lines that have points in them."""
    shared = {name: visit.field(name) for name in ("expires_on", "product")}
    lines = zip(visit.all("plate"), visit.all("driver"), visit.all("points"), strict=False)
    rows = [
        (number, {"plate": plate, "driver": driver, "points": points, **shared})
        for number, (plate, driver, points) in enumerate(lines, start=1)
        if points
    ]
    return _look(visit, rows, "voucher_split.html")


def show_import(visit: Visit) -> Response:
    """Which file?"""
    return visit.page("voucher_import.html", faults=())


def read_file(visit: Visit) -> Response:
    """Every bad row is told; without one, what is in the file is looked at."""
    upload = visit.upload("file")
    try:
        if upload is None:
            raise RuleViolation("file_missing", field="file")
        upload.file.seek(0)  # the transaction may have begun again
        content = upload.file.read(spreadsheet.LARGEST_FILE + 1)
        rows = spreadsheet.read(upload.filename or "", content, _headings(visit))
        return _kept(visit, rows)
    except RuleViolation as rule:
        visit.fault(RuleViolation(rule.code, **{**rule.params, "field": "file"}))
        return visit.page("voucher_import.html", faults=())
    except FaultyRows as faulty:
        return visit.page("voucher_import.html", status=422, faults=faulty.faults)


def template(visit: Visit) -> Response:
    """An empty spreadsheet with our headings, and a line for each vehicle to begin with."""
    heads = [visit.say(f"column.{name}") for name in FIELDS]
    until = expiry_of(visit.book.profile, visit.book.today)
    people = list(names_of_drivers(visit))
    lines: list[Sequence[spreadsheet.Cell]] = [heads]
    for at, plate in enumerate(_plates(visit)):
        lines.append([plate, people[at % len(people)] if people else "", "", until, ""])
    if visit.named("form") == "xlsx":
        content = b"".join(spreadsheet.xlsx_of(visit.say("voucher.sheet"), lines))
        return _file(content, spreadsheet.XLSX, "phieu-diem.xlsx")
    return _file(b"".join(spreadsheet.csv_of(lines)), spreadsheet.CSV, "phieu-diem.csv")


def show_batch(visit: Visit) -> Response:
    """What will be made, and what it leaves in the fund."""
    batch = voucher_batch.find(visit.book, visit.account, visit.named("batch"))
    if batch is None:
        raise HTTPException(404)
    wanted = voucher_batch.vouchers_in(batch)
    there = funds.available_points(visit.book, pools.fund_of(visit.book, visit.account))
    first_death = funds.expiring_points(visit.book, pools.fund_of(visit.book, visit.account)).on
    return visit.page(
        "voucher_batch.html",
        batch=batch.id,
        wanted=wanted,
        codes=[] if batch.codes is None else batch.codes.split(","),
        names=names_of_drivers(visit),
        total=sum(each.points for each in wanted),
        there=there,
        dies_before=first_death is not None and any(each.expires_on > first_death for each in wanted),
        first_death=first_death,
    )


def confirm(visit: Visit) -> Response:
    """Make them; a second press finds them made."""
    batch = voucher_batch.find(visit.book, visit.account, visit.named("batch"))
    if batch is None:
        raise HTTPException(404)
    try:
        codes = voucher_batch.confirm(visit.book, batch)
    except RuleViolation as rule:
        visit.fault(RuleViolation(rule.code, **{**rule.params, "field": ""}))
        return show_batch(visit)
    if batch.codes is None:
        visit.note("vouchers_made", ",".join(codes))
    return visit.go(f"/vouchers/batches/{batch.id}", "vouchers_made")


def _look(visit: Visit, rows: Sequence[tuple[int, Mapping[str, str]]], template_name: str) -> Response:
    try:
        return _kept(visit, rows)
    except FaultyRows as faulty:
        many = template_name == "voucher_split.html"
        for fault in faulty.faults:
            name = str(fault.rule.params.get("field", ""))
            shared = name in ("expires_on", "product")
            where = f"{name}-{fault.row}" if many and name and not shared else name
            visit.fault(RuleViolation(fault.rule.code, **{**fault.rule.params, "field": where}))
        return _form(visit, template_name)


def _kept(visit: Visit, rows: Sequence[tuple[int, Mapping[str, str]]]) -> Response:
    wanted = voucher_batch.read_rows(visit.book, visit.account, rows)
    return visit.go(f"/vouchers/batches/{voucher_batch.keep(visit.book, visit.account, visit.person.subject, wanted)}")


def _form(visit: Visit, template_name: str) -> Response:
    db = visit.book.db
    fund = pools.fund_of(visit.book, visit.account)
    people = db.execute(
        select(drivers).where(drivers.c.account == visit.account, drivers.c.active).order_by(drivers.c.name)
    ).all()
    return visit.page(
        template_name,
        plates=_plates(visit),
        people=people,
        products=db.execute(select(grades).order_by(grades.c.code)).all(),
        there=funds.available_points(visit.book, fund),
        least=visit.book.profile.minimum_points,
        until=formatting.day(expiry_of(visit.book.profile, visit.book.today)),
        typed=list(zip(visit.all("driver"), visit.all("points"), strict=False)),
    )


def _plates(visit: Visit) -> list[str]:
    rows = visit.book.db.execute(
        select(vehicles.c.plate)
        .where(vehicles.c.account == visit.account, vehicles.c.active)
        .order_by(vehicles.c.plate)
    )
    return [row.plate for row in rows]


def _headings(visit: Visit) -> dict[str, str]:
    """A heading in either language, and what it is."""
    return {visit.look.words(language).say(f"column.{name}").lower(): name for language in LANGUAGES for name in FIELDS}


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


ROUTES = (
    get("/vouchers/new", show_new, *MANAGERS, manages=True),
    post("/vouchers/new", make_new, *MANAGERS, manages=True),
    get("/vouchers/split", show_split, *MANAGERS, manages=True),
    post("/vouchers/split", split, *MANAGERS, manages=True),
    get("/vouchers/import", show_import, *MANAGERS, manages=True),
    post("/vouchers/import", read_file, *MANAGERS, manages=True),
    get("/vouchers/template.{form}", template, *MANAGERS, manages=True),
    get("/vouchers/batches/{batch}", show_batch, *MANAGERS, manages=True),
    post("/vouchers/batches/{batch}/confirm", confirm, *MANAGERS, manages=True),
)
