"""The schema contract held by the catalogue itself, and each check shown to see its fault (G27, G29)."""

from __future__ import annotations

import psycopg
import pytest
from django.apps import apps

from tests.promises import catalogue
from tests.promises.catalogue import Check, Database

KEYS = "person_id uuid NOT NULL, id uuid NOT NULL, PRIMARY KEY (person_id, id)"
MINE = "person_id = NULLIF(current_setting('app.person', true), '')::uuid"
BAD = f"CREATE TABLE bad ({KEYS})"
LOCKED = (
    f"{BAD}; ALTER TABLE bad ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
    " GRANT SELECT ON bad TO healthspace_app"
)
POLICY = f"{LOCKED}; CREATE POLICY p ON bad FOR SELECT TO healthspace_app"

# check -> statements that each must make it speak; `bad` counts as a PERSON table
FAULTS: dict[Check, list[str]] = {
    catalogue.unclassed_tables: ["CREATE TABLE nobodys (id int)"],
    catalogue.health_without_person: ["CREATE TABLE nobodys (id int, person_id uuid)"],
    catalogue.wrong_keys: [
        "CREATE TABLE bad (id uuid, person_id uuid NOT NULL, PRIMARY KEY (person_id, id))",
        "CREATE TABLE bad (person_id uuid NOT NULL, id uuid PRIMARY KEY)",
        "CREATE TABLE bad (person_id uuid NOT NULL, id uuid, PRIMARY KEY (id, person_id))",
        "CREATE TABLE bad (person_id text NOT NULL, id uuid, PRIMARY KEY (person_id, id))",
        f"{BAD}; ALTER TABLE bad ADD n bigint GENERATED ALWAYS AS IDENTITY",
        f"{BAD}; ALTER TABLE bad ADD n serial",
    ],
    catalogue.uniques_across_persons: [
        f"{BAD}; ALTER TABLE bad ADD n int UNIQUE",
        f"{BAD}; ALTER TABLE bad ADD n int; CREATE UNIQUE INDEX ON bad (n) WHERE n > 1",
        f"{BAD}; ALTER TABLE bad ADD n int4range, ADD EXCLUDE USING gist (n WITH &&)",
    ],
    catalogue.wrong_foreign_keys: [
        f"{BAD}; ALTER TABLE bad ADD a bigint REFERENCES people_account",
        f"{BAD}; CREATE TABLE people_bad (id uuid, p uuid, FOREIGN KEY (p, id) REFERENCES bad)",
        f"{BAD}; ALTER TABLE bad ADD o uuid, ADD FOREIGN KEY (o, id) REFERENCES bad",
        f"{BAD}; ALTER TABLE bad ADD o uuid, ADD FOREIGN KEY (person_id, o) REFERENCES bad ON DELETE SET NULL (o)",
        f"{BAD}; ALTER TABLE bad ADD f bytea REFERENCES spaces_identity_index",
    ],
    catalogue.open_rows: [
        BAD,
        f"{BAD}; ALTER TABLE bad ENABLE ROW LEVEL SECURITY",
        LOCKED,
        f"{POLICY} USING (true)",
        f"{POLICY} USING ({MINE} AND EXISTS (SELECT 1 FROM people_account))",
        f"{POLICY} USING ({MINE} AND length(id::text) > 1)",
        f"{POLICY} USING ({MINE}); CREATE POLICY q ON bad FOR ALL TO healthspace_app USING ({MINE})",
        f"{LOCKED}; CREATE POLICY p ON bad AS RESTRICTIVE FOR SELECT TO healthspace_app USING ({MINE})",
        f"{LOCKED}; CREATE POLICY p ON bad FOR SELECT USING ({MINE})",
    ],
    catalogue.machinery: [
        f"{BAD}; CREATE TRIGGER t BEFORE UPDATE ON bad FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        f"{BAD}; CREATE RULE r AS ON DELETE TO bad DO INSTEAD NOTHING",
    ],
    catalogue.open_views: [
        "CREATE VIEW bad_view AS SELECT 1 AS one FROM documents_document",
        "CREATE VIEW bad_view WITH (security_invoker = false) AS SELECT 1 AS one FROM documents_document",
        "CREATE MATERIALIZED VIEW bad_view AS SELECT 1 AS one FROM documents_document",
    ],
    catalogue.borrowed_rights: [
        "CREATE FUNCTION bad() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'",
    ],
    catalogue.strong_roles: ["GRANT CREATE ON SCHEMA public TO healthspace_app"],
    catalogue.broad_grants: [
        "GRANT SELECT ON documents_document TO PUBLIC",
        "GRANT TRUNCATE ON documents_document TO healthspace_app",
        "GRANT TRIGGER ON documents_document TO healthspace_worker",
    ],
    catalogue.bendable_journal: [
        "GRANT UPDATE ON audit_event TO healthspace_app",
        "GRANT DELETE ON audit_event TO healthspace_worker",
        "GRANT UPDATE (person_id) ON audit_event TO healthspace_worker",
    ],
    catalogue.foreign_extensions: ["CREATE EXTENSION hstore"],
}


@pytest.mark.parametrize("check", FAULTS, ids=lambda check: str(check.__name__))
def test_catalogue__the_contract_holds(check: Check, owner_connection: Database) -> None:
    assert not list(check(owner_connection))


@pytest.mark.parametrize(
    ("check", "fault"),
    [(check, fault) for check, faults in FAULTS.items() for fault in faults],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_catalogue__a_planted_fault_is_found(
    check: Check, fault: str, owner_connection: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = catalogue.declared()
    monkeypatch.setattr(catalogue, "declared", lambda: {**honest, "bad": "PERSON", "people_bad": "LOCAL"})
    with owner_connection.transaction(force_rollback=True):
        before = set(check(owner_connection))
        try:
            owner_connection.execute(fault)
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported) as refusal:
            pytest.skip(f"left out: this server refuses the fault itself ({refusal.sqlstate})")
        assert set(check(owner_connection)) - before


def test_catalogue__every_check_has_its_fault() -> None:
    checks = {
        value
        for name, value in vars(catalogue).items()
        if callable(value) and name[0] != "_" and getattr(value, "__annotations__", {}).get("return") == "Iterable[str]"
    }
    assert checks == set(FAULTS)


def test_catalogue__every_table_of_a_model_is_there(owner_connection: Database) -> None:
    there = {name for name, _ in catalogue._tables(owner_connection)}
    missing = {model._meta.db_table for model in apps.get_models() if model._meta.managed} - there
    assert not {name for name in missing if not name.startswith("procrastinate_")}
    assert not catalogue.BROUGHT_ALONG - there
