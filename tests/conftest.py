"""One embedded PostgreSQL per run, one migrated database per test process, committed data, the doors' own role.

No rollback and no flush: every test makes its own people with fresh ids, so tests never meet.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg import sql
from pytest_django import DjangoDbBlocker

from healthspace.config import env
from healthspace.ops import database, postgres
from tests import live
from tests.roles import as_the_worker

TEMPLATE = "healthspace_template"
# Nothing of a run is kept, so nothing needs to reach the disk; the kill tests use a server of their own.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "120"}
cluster = pytest.StashKey["subprocess.Popen[bytes]"]()


def pytest_configure(config: pytest.Config) -> None:
    """The first process starts the cluster and migrates the template; every process then has its own database."""
    is_first = not hasattr(config, "workerinput")
    if config.option.collectonly or config.option.help:
        return
    if is_first:
        if settings.DATABASE_URLS["owner"]:
            database.ensure_operators(settings.DATABASE_URLS["owner"])
        else:
            config.stash[cluster] = postgres.start(settings.HOME, QUICK)
            database.ensure_embedded(settings.HOME, TEMPLATE)
        _migrate()
    if not settings.DATABASE_URLS["owner"] and not (is_first and getattr(config.option, "numprocesses", None)):
        name = settings.DATABASES["default"]["NAME"]
        with psycopg.connect(database.superuser(settings.HOME), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER healthspace_owner").format(
                    sql.Identifier(name), sql.Identifier(TEMPLATE)
                )
            )


def _migrate() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"],
        env=os.environ
        | {
            "HEALTHSPACE_ROLE": "owner",
            "HEALTHSPACE_TEST_DATABASE": TEMPLATE,
            "DJANGO_SETTINGS_MODULE": "healthspace.config.settings.test",
        },
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.exit(f"Migrations failed:\n{done.stdout}{done.stderr}", 3)
    database.grant_framework(_dsn("owner", TEMPLATE))


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last process out stops the cluster and removes the run's folder."""
    process = config.stash.get(cluster, None)
    if process:
        postgres.stop(process)
    if os.environ["HEALTHSPACE_TEST_RUN"] == str(os.getpid()):
        subprocess.run(["rm", "-rf", settings.HOME.parent], check=False)


def pytest_report_header() -> str:
    """Say which database the suite runs on, and what was left out."""
    if settings.DATABASE_URLS["owner"]:
        return "database: the one named by CITUS_URL"
    return "database: embedded PostgreSQL (left out: the run on Citus, because CITUS_URL names none)"


@pytest.fixture(scope="session", autouse=True)
def _database_is_open(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    from healthspace.vault import actions as vault

    vault.prepare_archive()  # as the worker does on its first start
    with django_db_blocker.unblock():
        yield


def _dsn(role: str, name: str | None = None) -> str:
    name = name or settings.DATABASES["default"]["NAME"]
    return database.conninfo(database.settings_of(settings.HOME, role, settings.DATABASE_URLS, name))


@pytest.fixture
def owner_connection() -> Iterator["psycopg.Connection[Any]"]:
    """A psycopg connection as healthspace_owner (sees the rows of everyone: for catalogue and raw tests)."""
    with psycopg.connect(_dsn("owner"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def worker_connection() -> Iterator["psycopg.Connection[Any]"]:
    """A psycopg connection as healthspace_worker."""
    with psycopg.connect(_dsn("worker"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def app_connection() -> Iterator["psycopg.Connection[Any]"]:
    """A psycopg connection as healthspace_app, apart from Django's own."""
    with psycopg.connect(_dsn("app"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def as_worker() -> Iterator[None]:
    """Django's own connection with the worker's database role."""
    with as_the_worker():
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the real input; without it the test is left out, and says so."""
    folder = Path(env.text("HEALTHSPACE_SHARED") or env.ROOT.parent / "shared")
    if not (folder / "data").is_dir():
        pytest.skip("left out: the real input is not here (HEALTHSPACE_SHARED names its folder)")
    return folder


@pytest.fixture(scope="session")
def live_product() -> Iterator[live.Live]:
    """The real product with its invented population, as `make run` starts it; one for the whole run."""
    with live.product() as running:
        yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What shares the one live product runs in one process."""
    for item in items:
        if "live_product" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("live"))
