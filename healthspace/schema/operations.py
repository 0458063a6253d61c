"""Migration operations of the schema contract, each right after its CreateModel.

They grant, switch row-level security on, and distribute the table where Citus is there
(elsewhere that part does nothing), so the same migrations run on a laptop and for a nation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

APP = "healthspace_app"
WORKER = "healthspace_worker"
THIS_PERSON = "person_id = NULLIF(current_setting('app.person', true), '')::uuid"
LEVEL = "current_setting('app.level', true)"
ACTOR = "NULLIF(current_setting('app.actor', true), '')::uuid"
PLACE = "NULLIF(current_setting('app.place', true), '')::uuid"
AT = "NULLIF(current_setting('app.at', true), '')::timestamptz"


class _Storage(Operation):
    reduces_to_sql = True
    reversible = True
    atomic = True

    def __init__(self, table: str, *, grant: str, worker: Sequence[str] = ()) -> None:
        self.table = table
        self.grant = grant
        self.worker = tuple(worker)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Changes nothing that Django's model state knows."""

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """The table's own removal takes grants and policies with it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for statement in self.statements():
            schema_editor.execute(statement)
        distribution = self.distribution()
        if distribution and has_citus(schema_editor):
            schema_editor.execute(distribution)

    def statements(self) -> list[str]:
        grants = [f"GRANT {self.grant} ON {self.table} TO {APP}"]
        return grants + [f"GRANT {right} ON {self.table} TO {WORKER}" for right in self.worker]

    def distribution(self) -> str:
        return ""

    def describe(self) -> str:
        return f"Store {self.table} after the schema contract"


class PersonStorage(_Storage):
    """Row-level security forced, one permissive policy a command, distributed by person.

    `read` replaces the default reading policy's extra condition (columns and settings only:
    no sub-query, storage 4.3); `worker_reads` lets the worker's role read across persons.
    """

    def __init__(
        self,
        table: str,
        *,
        grant: str = "SELECT, INSERT, UPDATE, DELETE",
        read: str = "",
        worker: Sequence[str] = (),
        worker_reads: bool = False,
        worker_updates: bool = False,
    ) -> None:
        super().__init__(table, grant=grant, worker=worker)
        self.read = read
        self.worker_reads = worker_reads
        self.worker_updates = worker_updates

    def statements(self) -> list[str]:
        read = f"{THIS_PERSON} AND ({self.read})" if self.read else THIS_PERSON
        t, out = self.table, super().statements()
        out.append(f"ALTER TABLE {t} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        if "SELECT" in self.grant:
            out.append(f"CREATE POLICY {t}_read ON {t} FOR SELECT TO {APP} USING ({read})")
        if "INSERT" in self.grant:
            out.append(f"CREATE POLICY {t}_add ON {t} FOR INSERT TO {APP} WITH CHECK ({THIS_PERSON})")
        if "UPDATE" in self.grant:
            out.append(
                f"CREATE POLICY {t}_change ON {t} FOR UPDATE TO {APP} USING ({THIS_PERSON}) WITH CHECK ({THIS_PERSON})"
            )
        if "DELETE" in self.grant:
            out.append(f"CREATE POLICY {t}_remove ON {t} FOR DELETE TO {APP} USING ({THIS_PERSON})")
        if self.worker_reads:
            out.append(f"CREATE POLICY {t}_worker_read ON {t} FOR SELECT TO {WORKER} USING (true)")
        if self.worker_updates:
            out.append(f"CREATE POLICY {t}_worker_change ON {t} FOR UPDATE TO {WORKER} USING (true) WITH CHECK (true)")
        return out

    def distribution(self) -> str:
        return f"SELECT create_distributed_table('{self.table}', 'person_id')"


class WorkerPolicies(Operation):
    """Lets the worker's role work across persons on a PERSON table: mass intake, opening, counting.

    `commands` among "select", "insert", "update", "delete"; the table rights come with the membership
    in the doors' role or are granted here.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, *commands: str) -> None:
        self.table, self.commands = table, commands

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Changes nothing that Django's model state knows."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for command in self.commands:
            condition = {"insert": "WITH CHECK (true)", "update": "USING (true) WITH CHECK (true)"}
            schema_editor.execute(f"GRANT {command.upper()} ON {self.table} TO {WORKER}")
            schema_editor.execute(
                f"CREATE POLICY {self.table}_mass_{command} ON {self.table} FOR {command.upper()} TO {WORKER}"
                f" {condition.get(command, 'USING (true)')}"
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for command in self.commands:
            schema_editor.execute(f"DROP POLICY {self.table}_mass_{command} ON {self.table}")

    def describe(self) -> str:
        return f"Let the worker work across persons on {self.table}"


class WorkerErases(Operation):
    """Lets the worker's role delete the rows of the person in context: a destroyed space, and nothing else."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, *tables: str) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Changes nothing that Django's model state knows."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for table in self.tables:
            schema_editor.execute(f"GRANT DELETE ON {table} TO {WORKER}")
            schema_editor.execute(
                f"CREATE POLICY {table}_erase ON {table} FOR DELETE TO {WORKER} USING ({THIS_PERSON})"
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for table in self.tables:
            schema_editor.execute(f"DROP POLICY {table}_erase ON {table}")
            schema_editor.execute(f"REVOKE DELETE ON {table} FROM {WORKER}")

    def describe(self) -> str:
        return f"Let the worker erase the rows of one person in {', '.join(self.tables)}"


class ReferenceStorage(_Storage):
    """The same small table on every node."""

    def __init__(self, table: str, *, grant: str = "SELECT, INSERT, UPDATE") -> None:
        super().__init__(table, grant=grant)

    def distribution(self) -> str:
        return f"SELECT create_reference_table('{self.table}')"


class IndexStorage(_Storage):
    """Distributed by its keyed hash; no foreign key, no row-level security: it says nothing."""

    def __init__(self, table: str, *, grant: str = "SELECT, INSERT, DELETE") -> None:
        super().__init__(table, grant=grant)

    def distribution(self) -> str:
        return f"SELECT create_distributed_table('{self.table}', 'find_key')"


class LocalStorage(_Storage):
    """A table of this site."""

    def __init__(
        self,
        table: str,
        *,
        grant: str = "SELECT, INSERT, UPDATE, DELETE",
        worker: Sequence[str] = (),
    ) -> None:
        super().__init__(table, grant=grant, worker=worker)

    def statements(self) -> list[str]:
        sequence = f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}"
        return [*super().statements(), sequence]


class PersonKey(Operation):
    """A foreign key inside one person: `(person_id, column) -> target(person_id, id)`."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, column: str, target: str) -> None:
        self.table, self.column, self.target = table, column, target

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Changes nothing that Django's model state knows."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        schema_editor.execute(
            f"ALTER TABLE {self.table} ADD CONSTRAINT {self.table}_{self.column}_fk"
            f" FOREIGN KEY (person_id, {self.column}) REFERENCES {self.target} (person_id, id)"
            " DEFERRABLE INITIALLY DEFERRED"
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        schema_editor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT {self.table}_{self.column}_fk")

    def describe(self) -> str:
        return f"Tie {self.table}.{self.column} to {self.target} of the same person"


def has_citus(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    """True on a Citus coordinator."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'citus'")
        return cursor.fetchone() is not None
