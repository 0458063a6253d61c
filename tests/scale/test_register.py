"""A register of some size: what is asked of it is answered from indexes, and it takes no more room than it may."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from bench.intake import QUERIES, TABLES
from healthspace.demo import crowd
from tests.rooms.ledger import database_apart, owner_of
from tests.verify.test_kill_intake import run

PERSONS = 40_000
MOST_BYTES = 2_600  # heap and indexes of one person, with the room that opening needs


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory):
    path: Path = tmp_path_factory.mktemp("register") / "register.csv"
    crowd.registry_file(path, persons=PERSONS, departments=["31", "44", "80"], seed=secrets.randbelow(2**40))
    with database_apart() as name:
        code, told = run(name, path)
        assert code == 0, told
        with owner_of(name) as owner:
            owner.execute(f"ANALYZE {', '.join(TABLES)}")
            yield owner


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_register__is_asked_through_its_indexes(large, query):
    key, person = large.execute("SELECT find_key, person_id FROM spaces_identity_index LIMIT 1").fetchone()
    persons = [row[0] for row in large.execute("SELECT person_id FROM enrolment_enrollee LIMIT 100").fetchall()]
    values = {"key": key, "person": person, "persons": persons}
    plan = "\n".join(row[0] for row in large.execute(f"EXPLAIN {query}", values).fetchall())
    assert "Seq Scan" not in plan, plan


def test_register__costs_a_person_no_more_than_it_may(large):
    size = sum(large.execute("SELECT pg_total_relation_size(%s)", [table]).fetchone()[0] for table in TABLES)
    assert size / PERSONS < MOST_BYTES
