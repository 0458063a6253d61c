"""What the tests of vault and audit share: people with a key, other database roles, a database apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from healthspace.audit import actions as audit
from healthspace.audit import reads as journal
from healthspace.audit.ports import Seal, Unseal
from healthspace.common.actor import Actor
from healthspace.ops import database
from healthspace.schema.context import set_context
from healthspace.vault import actions as vault
from healthspace.vault import reads as keys

LINH = Actor(
    kind="professional",
    id=uuid4(),
    name="Dr Linh Nguyen",
    professional_id=uuid4(),
    profession="10",
    institution_id=uuid4(),
    institution_name="Rivemont hospital",
    software="Rivemont record",
)


def sealed_by(person_id: UUID) -> Seal:
    """How the gate seals a journal line."""
    return lambda plain, event_id: keys.sealer(person_id).seal(plain, item=event_id, part="event")


def opened_by(person_id: UUID) -> Unseal:
    """How the gate opens one."""
    return lambda sealed, event_id: keys.sealer(person_id).unseal(sealed, item=event_id, part="event")


def opened_for(person_id: UUID) -> Unseal | None:
    """For a whole check: None where the key is destroyed."""
    try:
        keys.sealer(person_id)
    except keys.KeyDestroyed:
        return None
    return opened_by(person_id)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a key."""

    id: UUID

    @property
    def holder(self) -> Actor:
        return Actor(kind="holder", id=self.id, name="Amina Diallo", person_id=self.id)

    @contextmanager
    def here(self) -> Iterator[None]:
        """A transaction whose context is this person."""
        with transaction.atomic():
            set_context(self.id)
            yield

    def note(self, kind: str = "document_opened", actor: Actor = LINH, **more: object) -> UUID:
        """One committed journal line."""
        given: dict[str, object] = {"outcome": "done", "rule": "ACC-2"} | more
        with self.here():
            return audit.record(person_id=self.id, actor=actor, kind=kind, seal=sealed_by(self.id), **given)  # type: ignore[arg-type]

    def lines(self, **more: object) -> list[journal.Entry]:
        """The person's journal."""
        with self.here():
            return journal.journal(person_id=self.id, unseal=opened_by(self.id), **more)  # type: ignore[arg-type]


def person() -> Person:
    """Somebody fresh, with a key."""
    fresh = Person(uuid4())
    with fresh.here():
        vault.create_key(person_id=fresh.id)
    return fresh


@contextmanager
def connected(role: str, name: str = "") -> Iterator[None]:
    """Django's connection under another role, or to another database, for a while."""
    name = name or connection.settings_dict["NAME"]
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(database.settings_of(settings.HOME, role, settings.DATABASE_URLS, name))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextmanager
def database_apart() -> Iterator[str]:
    """A fresh migrated database of one's own, as the doors' role."""
    name = f"healthspace_apart_{uuid4().hex[:12]}"
    with psycopg.connect(database.superuser(settings.HOME), autocommit=True) as super_connection:
        super_connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE healthspace_template OWNER healthspace_owner").format(
                sql.Identifier(name)
            )
        )
        try:
            with connected("app", name):
                yield name
        finally:
            super_connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def owner_of(name: str) -> "psycopg.Connection[tuple[object, ...]]":
    """A connection that sees and may change everything, as an evil administrator would."""
    entry = database.settings_of(settings.HOME, "owner", settings.DATABASE_URLS, name)
    return psycopg.connect(database.conninfo(entry), autocommit=True)
