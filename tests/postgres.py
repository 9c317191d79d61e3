"""A PostgreSQL of the tests' own: made in a temporary folder, reached through a socket in it, gone with the tests."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import create_engine, text

from pos_client.sandbox.central.storage.engine import open_database

WITHOUT = "POS_CLIENT_TESTS_WITHOUT_POSTGRES"
"""Set to 1, tests on PostgreSQL are skipped where none can be started; else they fail, so that nobody overlooks it."""

START_S = 60.0
_POLL_S = 0.05
_OWNER = "pos"
_INITDB = ("-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
"""A test's database lives for a minute; nobody pulls its plug."""


class CannotStart(RuntimeError):
    """No PostgreSQL here; the message says what is missing."""


class PostgresServer:
    """A running server; each database it gives out is new."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._number = itertools.count(1)
        self._template: str | None = None

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{_OWNER}@/{database}?host={self.folder}"

    def empty_database(self) -> str:
        """The URL of a database without tables."""
        return self._create("TEMPLATE template0")

    def fresh_database(self) -> str:
        """The URL of a database with central's tables and nothing in them."""
        if self._template is None:
            made = self._create("TEMPLATE template0")
            open_database(made).dispose()
            self._template = made.partition("@/")[2].partition("?")[0]
        return self._create(f"TEMPLATE {self._template}")

    def execute(self, statement: str) -> None:
        """Something for the server itself."""
        with psycopg.connect(host=str(self.folder), user=_OWNER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

    def _create(self, how: str) -> str:
        name = f"central_{next(self._number)}"
        self.execute(f"CREATE DATABASE {name} {how}")
        return self.url(name)


@contextmanager
def postgres_server(**settings: str) -> Iterator[PostgresServer]:
    """A server for as long as the block. `settings` over those of a database that may be lost.

    Raises `CannotStart`.
    """
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="pos-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        log = folder / "server.log"
        folder.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(folder, _unprivileged())
        data = folder / "data"
        made = subprocess.run(
            [*_dropped(), programs / "initdb", "-D", data, "-U", _OWNER, *_INITDB],
            capture_output=True,
            text=True,
            cwd=folder,
            timeout=START_S,
            check=False,
        )
        if made.returncode != 0:
            raise CannotStart(f"initdb: {made.stderr.strip()}")
        options = {"listen_addresses": "", "unix_socket_directories": name, **_NOT_DURABLE, **settings}
        with log.open("wb") as output:
            server = subprocess.Popen(
                [*_dropped(), programs / "postgres", "-D", data, *(f"--{key}={options[key]}" for key in options)],
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                cwd=folder,
            )
        try:
            _wait_until_ready(programs, server, folder)
            yield PostgresServer(folder)
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing is kept
            server.wait(START_S)


def all_rows_gone(url: str) -> None:
    """Empty every table of a database, and begin its numbers anew."""
    engine = create_engine(url)
    try:
        with engine.begin() as db:
            names = db.scalars(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
            )
            db.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))
    finally:
        engine.dispose()


def _wait_until_ready(programs: Path, server: subprocess.Popen[bytes], folder: Path) -> None:
    tries = int(START_S / _POLL_S)
    for _ in range(tries):
        asked = subprocess.run(
            [programs / "pg_isready", "-q", "-h", folder], check=False, stdin=subprocess.DEVNULL, timeout=START_S
        )
        if asked.returncode == 0:
            return
        try:
            server.wait(_POLL_S)
        except subprocess.TimeoutExpired:
            continue
        raise CannotStart(f"postgres ended at once: {(folder / 'server.log').read_text(errors='replace')}")
    raise CannotStart(f"postgres does not answer: {(folder / 'server.log').read_text(errors='replace')}")


def _programs() -> Path:
    """The newest installed server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("postgres")
    if not found and on_path is None:
        raise CannotStart("no PostgreSQL is installed (packaging/setup.sh test installs one)")
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


def _dropped() -> list[str]:
    """PostgreSQL refuses to be run by root. It ends with whoever started it, however that ends."""
    ends_with_us = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid() != 0:
        return [*ends_with_us, "--"]
    return [*ends_with_us, "--reuid", _unprivileged(), "--regid", _group(), "--clear-groups", "--"]


def _unprivileged() -> str:
    import pwd

    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def _group() -> str:
    import grp
    import pwd

    return grp.getgrgid(pwd.getpwnam(_unprivileged()).pw_gid).gr_name
