"""An auditor's own program agrees that the journal is whole, and sees when it is not."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from healthspace.audit import reads as journal
from healthspace.audit import tasks
from healthspace.audit.adapters import signer as signers
from healthspace.audit.adapters import witness as wire
from tests.rooms.ledger import Person, connected, database_apart, opened_by, person
from tests.verify import journal as auditor

LINES = 530


@dataclass(frozen=True, slots=True)
class Exported:
    folder: Path
    vkey: str
    proofs: list[dict[str, object]]


def proof_of(amina: Person, event_id: object) -> dict[str, object]:
    """What the holder is given for one line."""
    with amina.here():
        proof = journal.proof(person_id=amina.id, event_id=event_id)  # type: ignore[arg-type]
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM audit_event WHERE person_id = %s AND id = %s", [amina.id, event_id])
            (sealed,) = cursor.fetchone()
        payload = opened_by(amina.id)(bytes(sealed), event_id)  # type: ignore[arg-type]
    assert proof is not None
    return {
        "text": proof.text.decode(),
        "payload": base64.b64encode(payload).decode(),
        "index": proof.index,
        "hashes": [base64.b64encode(step).decode() for step in proof.hashes],
        "checkpoint": proof.checkpoint,
    }


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    folder = tmp_path_factory.mktemp("journal")
    with database_apart() as name:
        amina = person()
        events = [amina.note(details={"n": str(number)}) for number in range(LINES)]
        with connected("worker", name):
            for _ in range(3):
                tasks.sequence_once(200)
            assert journal.export(folder=folder) == LINES
        key = wire.verifier_key(signers.origin(), signers.signer().public_key())
        yield Exported(folder, key, [proof_of(amina, event) for event in events[::53]])


def run(exported: Exported) -> "subprocess.CompletedProcess[str]":
    script = Path(auditor.__file__)
    command = [sys.executable, "-I", str(script), str(exported.folder), exported.vkey]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def test_auditor__knows_nothing_of_the_product() -> None:
    text = Path(auditor.__file__).read_text()
    assert "healthspace" not in text
    assert "django" not in text


def test_auditor__says_whole(exported: Exported) -> None:
    done = run(exported)
    assert (done.returncode, done.stdout) == (0, "whole\n"), done.stderr


def test_auditor__accepts_every_line_with_its_opened_text(exported: Exported) -> None:
    for proof in exported.proofs:
        assert auditor.line_faults(proof, exported.vkey) == []


def test_auditor__refuses_a_changed_line_text_place_or_path(exported: Exported) -> None:
    for proof in exported.proofs:
        hashes = list(proof["hashes"])  # type: ignore[call-overload]
        for spoiled in (
            proof | {"text": str(proof["text"]).replace("ACC-2", "ACC-5")},
            proof | {"payload": base64.b64encode(b"somebody else").decode()},
            proof | {"index": (int(str(proof["index"])) + 1) % LINES},
            proof | {"hashes": hashes[:-1]},
            proof | {"hashes": hashes[::-1]},
            proof | {"checkpoint": str(proof["checkpoint"]).replace(str(LINES), str(LINES + 1))},
        ):
            assert auditor.line_faults(spoiled, exported.vkey)


@pytest.mark.parametrize("name", ["checkpoint", "tile/0/000", "tile/0/002.p/18", "tile/1/000.p/2", "tile/entries/001"])
def test_auditor__sees_every_changed_file(exported: Exported, name: str) -> None:
    file = exported.folder / name
    kept = file.read_bytes()
    spoiled = bytearray(kept)
    spoiled[len(kept) // 2] ^= 1
    try:
        file.write_bytes(bytes(spoiled))
        assert run(exported).returncode == 1
        file.unlink()
        assert run(exported).returncode == 1
    finally:
        file.write_bytes(kept)
    assert run(exported).returncode == 0
