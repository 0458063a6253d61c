"""Loading: everything filed once, doubt in quarantine, killed and gone on, strangers kept out."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid, Refused, Unavailable
from healthspace.common.ids import NIL
from healthspace.config import env
from healthspace.documents import reads as documents
from healthspace.documents.reads import Card, ListQuery
from healthspace.documents.rules import Receipt
from healthspace.journeys.load import load, patiently
from healthspace.journeys.loading import bundles, files
from healthspace.ops.commands import load as command
from healthspace.people import reads as directory
from healthspace.profile import reads as profile
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import NIR_OID, TEST_OID, Ins
from tests import people
from tests.journeys import sheaf

SHARED = Path(os.environ.get("HEALTHSPACE_SHARED") or env.ROOT.parent / "shared") / "data"


def person_of(ins: str, oid: str = TEST_OID) -> UUID:
    found = spaces.find_person(Ins(ins, oid))
    assert found is not None
    return found


def as_holder(person_id: UUID) -> Actor:
    return Actor(kind="holder", id=person_id, name="holder", person_id=person_id)


def cards_of(person_id: UUID, **query: object) -> tuple[Card, ...]:
    asked = ListQuery(limit=100, **query)  # type: ignore[arg-type]
    return documents.list_documents(actor=as_holder(person_id), person_id=person_id, query=asked).cards


def test_load__twice_files_once(tmp_path: Path) -> None:
    about = sheaf.subject()
    folder = sheaf.folder(tmp_path / "in", about, 3)
    first = load(folder, test_identities=True)
    assert (first.filed, first.duplicates, first.failed, first.spaces_opened) == (3, 0, 0, 1)
    second = load(folder, test_identities=True)
    assert (second.filed, second.duplicates, second.failed, second.spaces_opened) == (0, 3, 0, 0)
    assert len(cards_of(person_of(about.ins))) == 3


def test_load__author_is_the_documents_own(tmp_path: Path) -> None:
    about = sheaf.subject()
    load(sheaf.folder(tmp_path / "in", about, 1), test_identities=True)
    (card,) = cards_of(person_of(about.ins))
    assert (card.author_name, card.author_kind) == ("Dr Linh Nguyen", "professional")


def test_load__never_changes_the_directory(tmp_path: Path) -> None:
    about = sheaf.subject()
    load(sheaf.folder(tmp_path / "in", about, 1), test_identities=True)
    rpps = sheaf.cast.makers()["nguyen"].rpps
    before = directory.professional_by_rpps(rpps)
    other = sheaf.prescription(about, 7).replace(b"<family>Nguyen</family>", b"<family>Faux</family>")
    (tmp_path / "in/other.xml").write_bytes(other)
    load(tmp_path / "in", test_identities=True)
    assert directory.professional_by_rpps(rpps) == before


def test_load__replacement_supersedes(tmp_path: Path) -> None:
    about = sheaf.subject()
    folder = sheaf.folder(tmp_path / "in", about, 1)
    (folder / "later.xml").write_bytes(sheaf.prescription(about, 5, replaces=0))
    assert load(folder, test_identities=True).filed == 2
    assert [card.title for card in cards_of(person_of(about.ins))] == ["Ordonnance 5"]
    assert load(folder, test_identities=True).duplicates == 2


def test_load__replacement_of_what_was_never_here_is_filed(tmp_path: Path) -> None:
    about = sheaf.subject()
    (tmp_path / "later.xml").write_bytes(sheaf.prescription(about, 5, replaces=0))
    assert load(tmp_path, test_identities=True).filed == 1


def test_load__unknown_person_waits_in_quarantine(tmp_path: Path) -> None:
    about = sheaf.subject()
    folder = sheaf.folder(tmp_path / "in", about, 2)
    report = load(folder)
    assert (report.filed, report.quarantined, report.failed) == (0, 2, 0)
    assert {line.reason for line in report.reasons} == {"unknown-identity"}
    assert spaces.find_person(Ins(about.ins, TEST_OID)) is None
    assert load(folder).quarantined == 2


def test_load__wrong_key_goes_under_the_test_authority_only_when_asked(tmp_path: Path) -> None:
    right = sheaf.subject()
    wrong = replace(right, ins=f"{right.ins[:13]}{(int(right.ins[13:]) + 1) % 97:02d}", oid=NIR_OID)
    folder = sheaf.folder(tmp_path / "in", wrong, 1)
    assert load(folder).quarantined == 1
    assert load(folder, test_identities=True).filed == 1
    assert spaces.find_person(Ins(wrong.ins, NIR_OID)) is None
    assert len(cards_of(person_of(wrong.ins))) == 1


def test_load__other_traits_wait_in_quarantine(tmp_path: Path) -> None:
    about = sheaf.subject()
    load(sheaf.folder(tmp_path / "one", about, 1), test_identities=True)
    other = sheaf.folder(tmp_path / "two", replace(about, birth_name="AUTRE"), 2)
    report = load(other)
    assert (report.quarantined, {line.reason for line in report.reasons}) == (2, {"traits-differ"})
    assert len(cards_of(person_of(about.ins))) == 1


def test_load__other_traits_of_test_data_get_a_space_apart(tmp_path: Path) -> None:
    about = sheaf.subject()
    load(sheaf.folder(tmp_path / "one", about, 1), test_identities=True)
    (tmp_path / "two").mkdir()
    (tmp_path / "two/1.xml").write_bytes(sheaf.prescription(replace(about, birth_name="AUTRE"), 9))
    report = load(tmp_path / "two", test_identities=True)
    assert (report.filed, report.spaces_opened) == (1, 1)
    assert len(cards_of(person_of(about.ins))) == 1
    assert load(tmp_path / "two", test_identities=True).duplicates == 1


def test_load__broken_files_fail_alone(tmp_path: Path) -> None:
    about = sheaf.subject()
    folder = sheaf.folder(tmp_path / "in", about, 1)
    (folder / "a.xml").write_bytes(b"<ClinicalDocument>")
    (folder / "b.json").write_bytes(b"{")
    (folder / "c.json").write_bytes(b'{"resourceType": "Patient"}')
    (folder / "d.txt").write_text("not for us")
    report = load(folder, test_identities=True)
    assert (report.files, report.filed, report.failed) == (4, 1, 3)
    assert {line.file: line.reason for line in report.reasons} == {
        "a.xml": "invalid: DOC-XML",
        "b.json": "not-json",
        "c.json": "not-a-bundle",
    }


def test_load__test_identities_are_refused_where_not_taken(tmp_path: Path) -> None:
    settings.ACCEPT_TEST_IDENTITIES = False
    try:
        with pytest.raises(Invalid):
            load(tmp_path, test_identities=True)
    finally:
        settings.ACCEPT_TEST_IDENTITIES = True


def test_load__stranger_sees_nothing(tmp_path: Path) -> None:
    about, paul = sheaf.subject(), people.paul()
    load(sheaf.folder(tmp_path / "in", about, 1), test_identities=True)
    person_id = person_of(about.ins)
    (card,) = cards_of(person_id)
    with pytest.raises(Refused):
        documents.open_document(actor=paul.actor, person_id=person_id, document_id=card.id)


def test_load__killed_goes_on_where_it_was(tmp_path: Path) -> None:
    about = sheaf.subject()
    folder = sheaf.folder(tmp_path / "in", about, 25)
    script = (
        "import django; django.setup()\n"
        "from pathlib import Path; from healthspace.journeys.load import load\n"
        f"load(Path({str(folder)!r}), test_identities=True, progress=lambda *words: print(*words, flush=True))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        cwd=env.ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "healthspace.config.settings.test",
            "HEALTHSPACE_TEST_DATABASE": settings.DATABASES["default"]["NAME"],
        },
    )
    assert child.stdout is not None
    told = [child.stdout.readline() for _ in range(4)]
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert all(told)
    report = load(folder, test_identities=True)
    assert report.failed == 0
    assert report.duplicates >= 4
    assert report.filed >= 1
    assert report.filed + report.duplicates == 25
    assert len(cards_of(person_of(about.ins))) == 25


def bundle_of(about: sheaf.Subject, *, has_ins: bool) -> dict[str, object]:
    identifier = {"system": f"urn:oid:{TEST_OID}", "value": about.ins} if has_ins else {"system": "x", "value": "1"}
    patient = {
        "resourceType": "Patient",
        "id": about.ins[::-1],
        "identifier": [identifier],
        "name": [{"use": "official", "family": about.birth_name, "given": list(about.first_names)}],
        "gender": "female",
        "birthDate": about.born_on.isoformat(),
    }
    note = {
        "resourceType": "DocumentReference",
        "id": f"note-{about.ins}",
        "type": {"coding": [{"system": "http://loinc.org", "code": "34117-2", "display": "History"}]},
        "date": "2024-05-06T10:00:00+02:00",
        "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": b64encode(b"Note.").decode()}}],
    }
    value = {"value": 5.25, "unit": "%"}
    result = {"resourceType": "Observation", "id": f"o-{about.ins}", "code": {"text": "HbA1c"}, "valueQuantity": value}
    report = {
        "resourceType": "DiagnosticReport",
        "id": f"report-{about.ins}",
        "category": [{"coding": [{"code": "LAB"}]}],
        "code": {"text": "Sugar"},
        "effectiveDateTime": "2024-05-07",
        "result": [{"reference": f"Observation/o-{about.ins}"}],
    }
    claim = {"resourceType": "Claim", "id": "c"}
    resources = [patient, note, result, report, claim]
    return {"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": one} for one in resources]}


def test_load_bundle__documents_and_entries(tmp_path: Path) -> None:
    about = sheaf.subject()
    (tmp_path / "b.json").write_text(json.dumps(bundle_of(about, has_ins=True)))
    report = load(tmp_path, test_identities=True)
    assert (report.filed, report.entries, report.passed_over) == (2, 2, 2)
    person_id = person_of(about.ins)
    cards = {card.type_code: card for card in cards_of(person_id)}
    assert set(cards) == {"11488-4", "11502-2"}
    holder = as_holder(person_id)
    opened = documents.open_document(actor=holder, person_id=person_id, document_id=cards["11502-2"].id)
    assert opened.content.decode() == "Sugar\n2024-05-07\n\n- HbA1c: 5.25 %\n"
    entries = profile.entries(actor=holder, person_id=person_id)
    assert {entry.resource_type for entry in entries} == {"Observation", "DiagnosticReport"}
    assert {entry.source_document_id for entry in entries} == {cards["11502-2"].id}
    again = load(tmp_path, test_identities=True)
    assert (again.filed, again.duplicates, again.entries, again.entries_known) == (0, 2, 0, 2)


def test_load_bundle__without_ins_waits_or_gets_a_stable_number(tmp_path: Path) -> None:
    about = sheaf.subject()
    (tmp_path / "b.json").write_text(json.dumps(bundle_of(about, has_ins=False)))
    waiting = load(tmp_path)
    assert (waiting.filed, waiting.quarantined, waiting.entries) == (0, 3, 0)
    taken = load(tmp_path, test_identities=True)
    assert (taken.filed, taken.spaces_opened) == (2, 1)
    again = load(tmp_path, test_identities=True)
    assert (again.duplicates, again.spaces_opened) == (2, 0)


def test_load_manifest__plain_files(tmp_path: Path) -> None:
    about = sheaf.subject()
    outside, tmp_path = tmp_path / "secret.txt", tmp_path / "in"
    tmp_path.mkdir()
    outside.write_text("Not for the folder.")
    (tmp_path / "letter.txt").write_text("Bonjour.")
    (tmp_path / "link.txt").symlink_to(outside)
    row = {
        "file": "letter.txt", "ins": about.ins, "oid": TEST_OID, "birth_name": about.birth_name,
        "first_names": " ".join(about.first_names), "born_on": about.born_on.isoformat(), "sex": "F",
        "birth_place": about.birth_place_code, "type": "11488-4", "title": "Lettre", "date": "2024-02-03",
        "author": "Dr Inconnu",
    }  # fmt: skip
    with (tmp_path / "manifest.csv").open("w", newline="") as sheet:
        writer = csv.DictWriter(sheet, row, delimiter=";")
        writer.writeheader()
        writer.writerow(row)
        writer.writerow({**row, "file": "gone.txt"})
        writer.writerow({**row, "file": "../secret.txt"})
        writer.writerow({**row, "file": "link.txt"})
        writer.writerow({**row, "title": ""})
    report = load(tmp_path, test_identities=True)
    assert (report.filed, report.failed) == (1, 4)
    assert [line.reason for line in report.reasons] == [
        "no-such-file",
        "file-outside-folder",
        "file-outside-folder",
        "manifest-without-title",
    ]
    (card,) = cards_of(person_of(about.ins))
    assert (card.title, card.author_name) == ("Lettre", "Dr Inconnu")


def test_patiently__waits_for_a_part_that_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    told = iter([Unavailable("busy"), Unavailable("busy"), Receipt("filed", NIL, NIL)])
    waited: list[float] = []

    def deposit() -> Receipt:
        answer = next(told)
        if isinstance(answer, Unavailable):
            raise answer
        return answer

    monkeypatch.setattr("healthspace.journeys.load.time.sleep", waited.append)
    assert patiently(deposit).status == "filed"
    assert waited == [0.5, 2.0]


def test_command__json_report_and_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = sheaf.folder(tmp_path / "in", sheaf.subject(), 1)
    assert command.main([str(folder), "--json", "--test-identities"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["filed"], told["quarantined"], told["failed"]) == (1, 0, 0)
    (folder / "bad.xml").write_bytes(b"<a/>")
    assert command.main([str(folder), "--test-identities"]) == 1
    assert "failed: bad.xml" in capsys.readouterr().out


@pytest.mark.skipif(not SHARED.exists(), reason="the real input of ../shared is not here")
@pytest.mark.parametrize("name", ["cda-fr", "synthea-r4"])
def test_load__real_input_is_filed_and_readable(name: str) -> None:
    expected = files.count(SHARED / name)
    report = load(SHARED / name, test_identities=True)
    assert (report.files, report.quarantined, report.failed) == (expected, 0, 0)
    assert report.filed + report.duplicates == {"cda-fr": 28, "synthea-r4": 53}[name]
    again = load(SHARED / name, test_identities=True)
    assert (again.filed, again.entries, again.spaces_opened) == (0, 0, 0)


@pytest.mark.skipif(not SHARED.exists(), reason="the real input of ../shared is not here")
def test_load__every_real_cda_can_be_shown() -> None:
    load(SHARED / "cda-fr", test_identities=True)
    person_id = person_of("279035121518989")
    holder = as_holder(person_id)
    cards = cards_of(person_id)
    assert len(cards) == 21
    for card in cards:
        shown = documents.shown(actor=holder, person_id=person_id, document_id=card.id, language="fr", base="/x")
        assert shown.pages > 1 or len(shown.html) + len("".join(shown.text)) > 300, card.title


def test_claim_of__synthea_patient_has_traits() -> None:
    claim = bundles.claim_of(
        {
            "resourceType": "Patient",
            "id": "p",
            "name": [
                {"use": "official", "family": "Koepp", "given": ["Ana", "Lía"]},
                {"use": "maiden", "family": "Ruiz", "given": ["Ana"]},
            ],
            "gender": "other",
            "birthDate": "1956-08-03",
        }
    )
    assert claim.traits is not None
    assert (claim.ins, claim.traits.birth_name, claim.used_name, claim.traits.sex) == (None, "Ruiz", "Koepp", "U")
