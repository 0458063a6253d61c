"""kill -9 of anything while documents are filed: nothing acknowledged is lost, nothing is half done (G2, T34)."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import pickle
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import psutil
import psycopg
import pytest

from healthspace.config import env
from healthspace.ops import database
from tests import live, people
from tests.doors import fhir_client

CLIENTS = 3
SEED = int(os.environ.get("HEALTHSPACE_SEED", "0")) or random.randrange(10**6)
VICTIMS = ("backend", "fhir", "worker", "database", "fhir")

# Each must give no row once the product is at rest.
INVARIANTS = {
    "a document without its line in the journal": (
        "SELECT d.id FROM documents_document d WHERE NOT EXISTS (SELECT 1 FROM audit_event e"
        " WHERE e.person_id = d.person_id AND e.item_id = d.id AND e.kind = 'document_deposited'"
        " AND e.outcome = 'done')"
    ),
    "a line in the journal without its document": (
        "SELECT e.item_id FROM audit_event e WHERE e.kind = 'document_deposited' AND e.outcome = 'done' AND NOT EXISTS"
        " (SELECT 1 FROM documents_document d WHERE d.person_id = e.person_id AND d.id = e.item_id)"
    ),
    "a document filed twice": (
        "SELECT source_key FROM documents_document GROUP BY person_id, source_key HAVING count(*) > 1"
    ),
    "a document without the key of its person": (
        "SELECT d.id FROM documents_document d WHERE NOT EXISTS"
        " (SELECT 1 FROM vault_person_key k WHERE k.person_id = d.person_id)"
    ),
    "a holder not told, or told twice": (
        "SELECT d.id FROM documents_document d WHERE 1 <> (SELECT count(*) FROM notifications_notice n"
        " WHERE n.person_id = d.person_id AND n.item_id = d.id AND n.kind = 'document_deposited')"
    ),
    "a line not in the tree": "SELECT id FROM audit_event WHERE leaf_index IS NULL",
    "two lines at one place of the tree": (
        "SELECT leaf_index FROM audit_event GROUP BY leaf_index HAVING count(*) > 1"
    ),
}


@dataclass
class Deposits:
    """What clients sent and what was acknowledged to them."""

    port: int
    token: str
    holders: list[people.Holder]
    acknowledged: dict[str, bytes] = field(default_factory=dict)  # id -> SHA-256
    refused: list[tuple[int, bytes]] = field(default_factory=list)
    broken: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self, number: int) -> None:
        """File one document after the other until told to stop."""
        chance = random.Random(SEED * 10 + number)
        while not self.stop.is_set():
            self._file(chance)

    def _file(self, chance: random.Random) -> None:
        content = f"Compte rendu {uuid4()} {'x' * chance.randrange(20_000)}".encode()
        body = fhir_client.document(chance.choice(self.holders), content)
        body["content"][0]["attachment"]["contentType"] = "text/plain"
        try:
            status, answer, location = self._post(json.dumps(body).encode())
        except (OSError, http.client.HTTPException):
            self.broken += 1
            time.sleep(0.05)
            return
        if status == 201:
            document_id = location.split("/DocumentReference/")[1].split("/")[0]
            self.acknowledged[document_id] = hashlib.sha256(content).digest()
        elif status < 500:
            self.refused.append((status, answer))
        else:
            self.broken += 1
            time.sleep(0.05)

    def _post(self, body: bytes) -> tuple[int, bytes, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/fhir+json"}
            line.request("POST", "/fhir/DocumentReference", body, headers)
            answer = line.getresponse()
            return answer.status, answer.read(), answer.getheader("Location") or ""
        finally:
            line.close()

    def get(self, path: str, accept: str = "application/fhir+json") -> tuple[int, bytes]:
        """Asked again, as a client does, while what was killed comes back."""
        told: list[tuple[int, bytes]] = []
        until(lambda: told.append(self._get(path, accept)) or told[-1][0] < 500, 60, f"no answer: seed {SEED}")
        return told[-1]

    def _get(self, path: str, accept: str) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", path, headers={"Authorization": f"Bearer {self.token}", "Accept": accept})
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()


def newcomers(product: live.Live) -> tuple[list[people.Holder], people.Hospital]:
    kept = {name: value for name, value in os.environ.items() if name not in env.BY_NAME and "DJANGO" not in name}
    kept.pop("HEALTHSPACE_TEST_RUN", None)
    given = {"HEALTHSPACE_HOME": str(product.home), "DJANGO_SETTINGS_MODULE": "healthspace.config.settings.dev"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.verify.newcomers"],
        env=kept | given,
        cwd=env.ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    handed: tuple[list[people.Holder], people.Hospital] = pickle.loads(base64.b64decode(done.stdout))
    return handed


def victim(product: live.Live, kind: str, chance: random.Random) -> psutil.Process | None:
    """A process to kill: one backend of a door, the postmaster, the FHIR door or the worker."""
    try:
        match kind:
            case "fhir":
                door = product.child("granian", "wsgi_fhir")
                return chance.choice([door, *door.children()])
            case "worker":
                return product.child("config.cli", "worker")
            case "database":
                return product.child("postgres", "-D")
        backends = [
            one for one in product.child("postgres", "-D").children() if "healthspace_app" in " ".join(one.cmdline())
        ]
        return chance.choice(backends) if backends else None
    except (AssertionError, psutil.Error):
        return None


def until(ready: Any, seconds: float, said: str) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if ready():
                return
        except (OSError, http.client.HTTPException, psycopg.Error):
            pass
        assert time.monotonic() < end, said
        time.sleep(0.1)


def faults(db: psycopg.Connection[Any]) -> dict[str, int]:
    """The invariants that do not hold, and in how many rows."""
    found = {name: len(db.execute(query).fetchall()) for name, query in INVARIANTS.items()}
    return {name: count for name, count in found.items() if count}


@pytest.fixture(scope="module")
def product() -> Iterator[live.Live]:
    with live.product(HEALTHSPACE_DEMO="0", ACCEPT_LONG_TOKENS="1") as running:
        yield running


@pytest.fixture(scope="module")
def deposits(product: live.Live) -> Deposits:
    """Documents filed while processes die."""
    chance = random.Random(SEED)
    holders, hospital = newcomers(product)
    deposits = Deposits(product.port + 1, hospital.token, holders)
    clients = [threading.Thread(target=deposits.run, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        for kind in VICTIMS:
            before = len(deposits.acknowledged)
            until(lambda before=before: len(deposits.acknowledged) > before + 2, 30, f"no deposit before {kind}")
            time.sleep(chance.random())
            found = victim(product, kind, chance)
            if found is not None:
                found.kill()
        before = len(deposits.acknowledged)
        until(lambda: len(deposits.acknowledged) > before + 2, 30, "no deposit after the last kill")
    finally:
        deposits.stop.set()
        for client in clients:
            client.join()
    return deposits


def test_kill__every_acknowledged_document_is_there_byte_for_byte(deposits: Deposits) -> None:
    assert len(deposits.acknowledged) >= 3 * len(VICTIMS), f"seed {SEED}"
    assert deposits.broken, f"nothing died: seed {SEED}"
    assert not deposits.refused, deposits.refused[:3]
    for document_id, digest in deposits.acknowledged.items():
        status, told = deposits.get(f"/fhir/DocumentReference/{document_id}")
        assert status == 200, (SEED, document_id, told[:300])
        address = json.loads(told)["content"][0]["attachment"]["url"]
        status, content = deposits.get("/fhir/" + address.split("/fhir/")[-1], accept="text/plain")
        assert status == 200, (SEED, document_id)
        assert hashlib.sha256(content).digest() == digest, (SEED, document_id)


def test_kill__nothing_is_half_done(product: live.Live, deposits: Deposits) -> None:
    with psycopg.connect(database.superuser(product.home, database.NAME), autocommit=True) as db:
        until(lambda: not faults(db), 40, f"seed {SEED}: not at rest")
        assert faults(db) == {}
        [(there,)] = db.execute("SELECT count(*) FROM documents_document").fetchall()
        # what was filed while the answer got lost may stand beside what was acknowledged
        assert len(deposits.acknowledged) <= there <= len(deposits.acknowledged) + deposits.broken


@pytest.mark.parametrize(
    ("loss", "name"),
    [
        ("DELETE FROM audit_event WHERE kind = 'document_deposited'", "a document without its line in the journal"),
        ("DELETE FROM notifications_notice", "a holder not told, or told twice"),
        ("DELETE FROM vault_person_key", "a document without the key of its person"),
        ("DELETE FROM documents_document", "a line in the journal without its document"),
        ("UPDATE audit_event SET leaf_index = 1", "two lines at one place of the tree"),
    ],
)
def test_invariants__find_a_planted_loss(product: live.Live, deposits: Deposits, loss: str, name: str) -> None:
    """Planted faults, undone at once."""
    with psycopg.connect(database.superuser(product.home, database.NAME)) as db:
        db.execute(loss)  # type: ignore[arg-type]
        assert name in faults(db)
        db.rollback()
