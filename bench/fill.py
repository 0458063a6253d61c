"""The population of a benchmark: persons with documents, one hospital, one doctor who may read all of it."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

PASSWORD = "four plain words here"
TYPES = ("11502-2", "11488-4", "11490-0", "18748-4", "57833-6", "60593-1", "34112-3")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Filled:
    """What the scenarios need: tokens, a sign-in, and the documents by their logical ids."""

    hospital: str
    doctor: str
    login: str
    persons: list[str]
    documents: list[str]
    matricules: list[str]
    paper: str = ""  # a code on paper of that sign-in


def fill(first: int, last: int, documents: int) -> Filled:
    """Make them through the rooms' own actions, with everything switched on."""
    from healthspace.access import actions as access
    from healthspace.people import actions as people
    from healthspace.people import reads as people_reads

    place = people.ensure_institution(finess="010000024", name="Hôpital", facility_type="SA01", setting="ETABLISSEMENT")
    software = people.register_software(name="Bench", institution_id=place)
    hospital = people.issue_token(software_id=software)
    doctor_id = people.ensure_professional(rpps="99700218896", family_name="Nguyen", first_name="Linh", profession="10")
    people.add_practice(professional_id=doctor_id, institution_id=place)
    doctor = people.issue_token(software_id=software, professional_id=doctor_id)
    actor = people_reads.actor_by_token(hospital)
    assert actor is not None
    ids, found, numbers, login, paper = [], [], [], "", ""
    for number in range(first, last):
        identity, person_id = _person(number)
        account = people.create_account(
            login=f"bench.holder{number}", password=PASSWORD, kind="holder", person_id=person_id
        )
        login = login or f"bench.holder{number}"
        paper = paper or people.new_paper_codes(account.id)[0]
        holder = people_reads.actor_of(account)
        access.grant(actor=holder, person_id=person_id, professional_id=doctor_id)
        found += [_document(actor, identity, number, each) for each in range(documents)]
        ids.append(str(person_id))
        numbers.append(identity.ins.matricule)
    return Filled(hospital, doctor, login, ids, found, numbers, paper)


def _person(number: int) -> tuple[Any, Any]:
    from healthspace.common.actor import SYSTEM
    from healthspace.spaces import actions as spaces
    from healthspace.spaces.rules import TEST_OID, Identity, Ins, Traits, nir_key

    born_on = date(1950 + number % 60, 1 + number % 12, 1 + number % 28)
    thirteen = f"2{born_on:%y%m}69{100 + number:03d}{1 + number:03d}"
    traits = Traits(f"BENCH{LETTERS[number % 26]}", ("AMINA",), born_on, "F", f"69{100 + number:03d}")
    identity = Identity(ins=Ins(thirteen + nir_key(thirteen), TEST_OID), traits=traits)
    return identity, spaces.open_space(actor=SYSTEM, identity=identity, state="active")


def _document(actor: Any, identity: Any, person: int, number: int) -> str:
    from healthspace.documents import actions
    from healthspace.documents.rules import Author, ClaimedIdentity, Order
    from healthspace.fhir import logical_ids

    made_at = datetime(2024, 1, 1, 9, tzinfo=UTC) + timedelta(days=number * 3, minutes=person)
    receipt = actions.deposit(
        actor=actor,
        order=Order(
            type_code=TYPES[number % len(TYPES)],
            title=f"Compte rendu numéro {number}",
            media_type="text/plain",
            content=(f"Document {person}.{number}. " * 60).encode(),
            made_at=made_at,
            source_id=f"urn:oid:1.2.3.{person}.{number}",
            identity=ClaimedIdentity(identity.ins, identity.traits),
            service_start=made_at,
            authors=(Author("Dr Linh Nguyen", "99700218896", "", "Hôpital de Rivemont", "010000024"),),
            setting_code="ETABLISSEMENT",
            facility_code="SA01",
            description="Une description de quelques mots",
            extras={
                "fhir": json.dumps({"sha1": "2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "creation": "2025-04-25T09:30:00+01:00"})
            },
        ),
    )
    return logical_ids.encode(receipt.person_id, receipt.document_id)


def bodies(folder: Path, filled: Filled, content: bytes, title: str) -> int:
    """One DocumentReference a person, ready but for its identifier @ID@; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, matricule in enumerate(filled.matricules):
        born_on = date(1950 + number % 60, 1 + number % 12, 1 + number % 28)
        patient = {
            "resourceType": "Patient", "id": "p",
            "identifier": [{"system": "urn:oid:1.2.250.1.213.1.4.10", "value": matricule}],
            "name": [{"use": "official", "family": f"BENCH{LETTERS[number % 26]}", "given": ["AMINA"]}],
            "gender": "female", "birthDate": born_on.isoformat(),
        }  # fmt: skip
        document = {
            "resourceType": "DocumentReference",
            "contained": [patient, {"resourceType": "Organization", "id": "o", "name": "Hôpital de Rivemont"}],
            "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:1.2.9.{number}.@ID@"},
            "status": "current",
            "type": {"coding": [{"system": "http://loinc.org", "code": TYPES[number % len(TYPES)]}]},
            "subject": {"reference": "#p"},
            "date": "2026-03-02T09:30:00+01:00",
            "author": [{"reference": "#o"}],
            "content": [{"attachment": {
                "contentType": "application/pdf", "language": "fr-FR", "title": title,
                "creation": "2026-03-02T09:00:00+01:00", "size": len(content),
                "hash": base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode(),
                "data": base64.b64encode(content).decode()}}],
            "context": {"period": {"start": "2026-03-01T09:00:00+01:00"}},
        }  # fmt: skip
        (folder / f"{number}.json").write_text(json.dumps(document))
    return len(filled.matricules)


def pdf(size: int) -> bytes:
    """A PDF of about this many bytes: pages of text, and noise as an embedded picture would be."""
    import io

    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    page = canvas.Canvas(out, pageCompression=1)
    for line in range(40):
        page.drawString(40, 800 - 15 * line, f"Ligne {line} : résultat {line * 7} mmol/L")
    side = max(8, int((size / 3.02) ** 0.5))
    from PIL import Image

    noise = Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3))
    page.drawImage(ImageReader(noise), 40, 40, 100, 100)
    page.showPage()
    page.save()
    return out.getvalue()


if __name__ == "__main__":
    import django

    django.setup()
    made = fill(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    Path(sys.argv[4]).write_text(json.dumps(asdict(made)))
