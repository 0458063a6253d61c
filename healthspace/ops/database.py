"""Roles, database and connections: the same product on the embedded PostgreSQL, an operator's, or Citus."""

from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from healthspace.ops import postgres
from healthspace.ops.engine import OLDEST_MAJOR, place
from healthspace.ops.faults import CannotRun

NAME = "healthspace"
OWNER, APP, WORKER = "healthspace_owner", "healthspace_app", "healthspace_worker"
# Citus forwards SET LOCAL to its shards only when told so; elsewhere the setting is an unknown name, and harmless.
ALWAYS = "-c citus.propagate_set_commands=local -c standard_conforming_strings=on -c datestyle=ISO"
ON_MIGRATION = "-c citus.multi_shard_modify_mode=sequential"
FRAMEWORK_TABLES = {
    "django_session": "SELECT, INSERT, UPDATE, DELETE",
    "django_content_type": "SELECT",
    "django_migrations": "SELECT",
    "auth_permission": "SELECT",
}


def settings_of(home: Path, role: str, urls: dict[str, str], name: str = NAME) -> dict[str, Any]:
    """Django's DATABASES entry for one role (app, worker, owner); `urls` holds those an operator gave, by role."""
    user = {"app": APP, "worker": WORKER, "owner": OWNER}[role]
    options = f"{ALWAYS} {ON_MIGRATION}" if role == "owner" else ALWAYS
    if not urls.get("owner"):
        found: dict[str, Any] = {"host": str(place(home).socket), "user": user, "dbname": name}
    else:
        found = dict(conninfo_to_dict(urls.get(role) or urls["owner"]))
        if role != "owner" and not urls.get(role):
            options += f" -c role={user}"
    if found.get("options"):
        options = f"{found.pop('options')} {options}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": found.pop("host", ""),
        "PORT": str(found.pop("port", "")),
        "USER": found.pop("user", ""),
        "PASSWORD": found.pop("password", ""),
        "NAME": found.pop("dbname", NAME),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"options": options, "connect_timeout": 5, **found},
    }


def conninfo(entry: dict[str, Any]) -> str:
    """The same entry as a connection string of psycopg."""
    keys = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return make_conninfo(**{key: entry[name] for key, name in keys.items() if entry[name]}, **entry["OPTIONS"])


def superuser(home: Path, name: str = "postgres") -> str:
    """Connection string of the embedded PostgreSQL's own superuser, for roles, databases and raw inspection."""
    return make_conninfo(host=str(place(home).socket), user=postgres.SUPERUSER, dbname=name)


def ensure_embedded(home: Path, name: str = NAME) -> None:
    """Roles and database of the embedded PostgreSQL; nothing changes when they exist."""
    with psycopg.connect(superuser(home), autocommit=True) as connection:
        _ensure_roles(connection)
        # Migrations that move data of everyone and the COPY towards Citus need the owner to see all rows.
        connection.execute(sql.SQL("ALTER ROLE {} BYPASSRLS CREATEDB").format(sql.Identifier(OWNER)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
            )


def ensure_operators(url: str) -> None:
    """Roles in the database of an operator; one clear sentence when it is down, too old or forbids it."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            if connection.info.server_version < OLDEST_MAJOR * 10000:
                raise CannotRun(
                    f"The database of DATABASE_URL is PostgreSQL {connection.info.server_version // 10000}; "
                    f"at least {OLDEST_MAJOR} is needed. Upgrade it."
                )
            _ensure_roles(connection)
            for role in (APP, WORKER):
                connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))
                connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(role)))
    except psycopg.OperationalError as fault:
        raise CannotRun(
            f"The database of DATABASE_URL does not answer ({_first_line(fault)}). Start it, or correct DATABASE_URL."
        ) from None
    except psycopg.errors.InsufficientPrivilege as fault:
        raise CannotRun(
            f"The user of DATABASE_URL may not prepare the roles ({_first_line(fault)}). Let an administrator run: "
            f"CREATE ROLE {APP} LOGIN; CREATE ROLE {WORKER} LOGIN IN ROLE {APP}; and grant both to that user."
        ) from None


def _first_line(fault: Exception) -> str:
    return str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__


def _ensure_roles(connection: psycopg.Connection[Any]) -> None:
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'healthspace_%'")}
    for role in (OWNER, APP, WORKER):
        if role not in known:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    if WORKER not in known:
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(WORKER)))


def grant_framework(dsn: str) -> None:
    """After migrations: the doors may use the few tables of Django itself, and no more than they need."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for table, rights in FRAMEWORK_TABLES.items():
            if connection.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,):
                connection.execute(
                    sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), sql.Identifier(table), sql.Identifier(APP))
                )


def mark(connection: psycopg.Connection[Any]) -> str:
    """What set_mark left, or nothing."""
    row = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    return str(row[0] or "") if row else ""


def set_mark(connection: psycopg.Connection[Any], text: str) -> None:
    """Remember in the database itself which migrations it has seen, so that a start need not look."""
    connection.execute(
        sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(connection.info.dbname), sql.Literal(text))
    )
