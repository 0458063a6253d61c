"""What people do through the pages: each act by who may, and by who may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from healthspace.access import actions as access
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.outbox import dispatcher
from tests import people
from tests.factories import orders
from tests.page_client import Page, PageClient


@dataclass(slots=True)
class World:
    """Amina, her doctor, a hospital, and one report of its own."""

    amina: people.Holder
    doctor: people.Doctor
    hospital: people.Hospital
    report: UUID

    @property
    def record(self) -> str:
        return f"/pro/patients/{self.amina.person_id}/"

    @property
    def page(self) -> str:
        return f"/documents/{self.report}/"

    def card(self, document_id: UUID | None = None) -> reads.Card:
        return reads.document_card(
            actor=self.amina.actor, person_id=self.amina.person_id, document_id=document_id or self.report
        )


@pytest.fixture
def world() -> World:
    amina, hospital, doctor = people.amina(), people.rivemont(), people.dr_nguyen()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    report = documents.deposit(actor=hospital.actor, order=orders.order(amina)).document_id
    return World(amina, doctor, hospital, report)


def signed_in(person: Any, language: str = "fr") -> PageClient:
    client = PageClient(language)
    client.sign_in(person)
    return client


def upload(name: str = "lettre.pdf", content: bytes | None = None, kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, orders.pdf() if content is None else content, kind)


def test_home__shows_what_is_new_and_who_opened(world: World) -> None:
    reads.open_document(actor=world.doctor.actor, person_id=world.amina.person_id, document_id=world.report)
    page = signed_in(world.amina).visit("/home/")
    assert "Un nouveau document est arrivé" in page.said
    assert "Lettre de sortie" in page.said
    assert "Dr Linh Nguyen" in page.said
    assert "Depuis 30\u00a0jours\u00a0: 1 soignant." in page.said


def test_home__asks_the_database_twelve_times_at_most(world: World) -> None:
    client = signed_in(world.amina).client
    client.get("/home/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/home/").status_code == 200
    assert len(asked) <= 12, [query["sql"][:80] for query in asked.captured_queries]


def test_home__of_a_new_record_says_that_empty_is_normal() -> None:
    assert "c’est normal" in signed_in(people.paul()).visit("/home/").said


def test_search__finds_by_name_and_leaves_no_word_in_the_address(world: World) -> None:
    client = signed_in(world.amina)
    page = client.send("/documents/search/", q="SORTIE nguyen")
    assert "1 document" in page.said
    assert page.address == "/documents/"
    assert "sortie" not in page.link("Retirer ce filtre").lower()
    assert "Aucun document ne correspond" in client.send("/documents/search/", q="introuvable").said


def test_list__filters_pages_and_chips(world: World) -> None:
    for number in range(24):
        order = orders.order(world.amina, title=f"Analyse {number}", type_code="11502-2")
        documents.deposit(actor=world.hospital.actor, order=order)
    client = signed_in(world.amina)
    first = client.visit("/documents/?category=BIOLOGIE")
    assert "24 documents" in first.said
    assert len([node for node in first.all("li") if node.get("class") == "doc"]) == 20
    second = client.visit(f"/documents/{first.link('Voir les documents suivants')}")
    assert len([node for node in second.all("li") if node.get("class") == "doc"]) == 4
    assert first.link("Retirer ce filtre") == "?"
    client.visit("/documents/?category=BIOLOGIE&cursor=wrong", 400)
    assert "Aucun document ne correspond" in client.visit("/documents/?hidden=1").said
    client.visit("/documents/?year=junk&category=junk&sender=p-junk&folder=junk&sort=junk")


def test_document__holder_reads_who_can_and_who_did(world: World) -> None:
    reads.open_document(actor=world.doctor.actor, person_id=world.amina.person_id, document_id=world.report)
    page = signed_in(world.amina).visit(world.page)
    assert page.title.startswith("Document – ")
    assert "a ouvert votre document" in page.said
    assert "jamais" in page.said


def test_original__comes_byte_for_byte_under_a_name_that_says_nothing(world: World) -> None:
    answer = signed_in(world.amina).client.get(f"{world.page}original/")
    assert answer["Content-Disposition"].startswith('attachment; filename="document-')
    assert answer["Content-Security-Policy"].endswith("sandbox")
    opened = reads.open_document(actor=world.amina.actor, person_id=world.amina.person_id, document_id=world.report)
    assert answer.content == opened.content


def test_mask_and_unmask__holder_decides_and_the_doctor_follows(world: World) -> None:
    holder, doctor = signed_in(world.amina), signed_in(world.doctor)
    seen_by_doctor = f"{world.record}documents/{world.report}/"
    doctor.visit(seen_by_doctor)
    page = holder.send(f"{world.page}mask/", page=world.page)
    assert "caché à vos soignants" in page.said
    doctor.visit(seen_by_doctor, 404)
    holder.send(f"{world.page}unmask/", page=world.page)
    doctor.visit(seen_by_doctor)
    refused = [line for line in _journal(world) if line.outcome == "refused"]
    assert refused[0].item_id == world.report


def _journal(world: World) -> tuple[Any, ...]:
    return reads.journal(actor=world.amina.actor, person_id=world.amina.person_id)


def test_rename_and_note__never_touch_the_original(world: World) -> None:
    client = signed_in(world.amina)
    page = client.send(f"{world.page}rename/", title="Ma lettre", note="À montrer au Dr Morel")
    assert page.h1 == "Ma lettre"
    assert "Lettre de sortie" in page.said
    assert "À montrer" in page.said
    client.send(f"{world.page}rename/", 422, title="x" * 201, note="")
    assert client.send(f"{world.page}rename/", title="", note="").h1 == "Lettre de sortie"


def test_folder__is_made_filled_and_listed(world: World) -> None:
    client = signed_in(world.amina)
    page = client.send("/documents/folders/new/", name="Cœur")
    folder = page.link("Cœur").rpartition("=")[2]
    client.send(f"{world.page}move/", folder=folder)
    assert "1 document" in client.visit(f"/documents/?folder={folder}").said
    client.send(f"{world.page}move/", folder="")
    assert "Aucun document" in client.visit(f"/documents/?folder={folder}").said
    client.send("/documents/folders/new/", 422, name="")


def test_disown__asks_first_then_takes_it_away(world: World) -> None:
    client = signed_in(world.amina)
    assert "n’est pas à vous" in client.visit(f"{world.page}not-mine/").h1
    client.send(f"{world.page}not-mine/")
    client.visit(world.page, 404)


def test_add__holder_files_a_photo_or_a_file(world: World) -> None:
    client = signed_in(world.amina)
    given = {"title": "Carnet", "made_on": "2026-01-05", "type_code": "DOCPAT03", "who": "me"}
    page = client.send("/documents/add/", content=upload(), **given)
    assert page.h1 == "Carnet"
    assert "Caché à vos soignants" in page.said
    page = client.send("/documents/add/", photo=upload("photo.pdf"), **given)
    assert page.h1 == "Carnet"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"content": None}, "Choisissez un fichier"),
        ({"content": upload(content=b"")}, "vide"),
        ({"content": upload(content=b"%PDF-1.7 broken")}, "envoyez-le à nouveau"),
        ({"content": upload("x.exe", b"MZ\x90", "application/x-msdownload")}, "aucun autre"),
        ({"title": ""}, "Donnez un nom"),
        ({"made_on": "2150-01-01"}, "à venir"),
        ({"made_on": "hier"}, "pas lisible"),
        ({"type_code": "none"}, "problème"),
    ],
)
def test_add__says_what_is_wrong_and_keeps_what_was_written(world: World, changes: dict[str, Any], told: str) -> None:
    given = {"title": "Carnet", "made_on": "2026-01-05", "type_code": "DOCPAT03", "who": "me", "content": upload()}
    given = {name: value for name, value in (given | changes).items() if value is not None}
    page = signed_in(world.amina).send("/documents/add/", 422, **given)
    assert told in page.said
    assert page.title.startswith("Erreur")
    if given["title"]:
        assert 'value="Carnet"' in page.text


def test_delete__only_what_the_holder_filed(world: World) -> None:
    client = signed_in(world.amina)
    own = documents.deposit(actor=world.amina.actor, order=orders.own_order(world.amina)).document_id
    client.visit(f"/documents/{own}/delete/")
    client.send(f"/documents/{own}/delete/")
    client.visit(f"/documents/{own}/", 404)
    client.send(f"{world.page}delete/", 404)
    client.visit(world.page)


def test_professionals__accept_end_block_unblock(world: World) -> None:
    client, other = signed_in(world.amina), people.professional("Haddad", "Nour", "10")
    page = client.send("/access/professionals/find/", name="haddad nour")
    assert "Nour Haddad" in page.said
    page = client.send(f"/access/professionals/{other.id}/accept/", until="30")
    assert "peut maintenant lire" in page.said
    end = next(node.get("href") for node in page.all("a") if "/ties/" in (node.get("href") or ""))
    client.visit(end)
    client.send(end)
    client.send(end, 404)
    client.visit(f"/access/professionals/{other.id}/block/")
    assert "Le blocage est posé" in client.send(f"/access/professionals/{other.id}/block/").said
    client.visit(f"/access/professionals/{other.id}/unblock/")
    assert "Le blocage est levé" in client.send(f"/access/professionals/{other.id}/unblock/").said


def test_emergency__three_choices_are_kept_apart(world: World) -> None:
    client = signed_in(world.amina)
    client.send("/access/emergency/", samu="1")
    page = client.visit("/access/emergency/")
    ticked = {node.get("name") for node in page.all("input") if node.get("checked") is not None}
    assert ticked == {"samu"}


def test_access__tells_openings_by_person_and_refusals(world: World) -> None:
    report = documents.deposit(actor=world.hospital.actor, order=orders.order(world.amina)).document_id
    signed_in(world.doctor).visit(world.record)
    documents.mask(actor=world.amina.actor, person_id=world.amina.person_id, document_id=report)
    signed_in(world.doctor).visit(f"{world.record}documents/{report}/", 404)
    client = signed_in(world.amina)
    page = client.visit("/access/")
    assert "Dr Linh Nguyen" in page.said
    assert "A lu 2\u00a0fois" in page.said.replace(" fois", "\u00a0fois")
    assert "N’a rien lu" in page.said  # the hospital only sent
    assert "refusé" in client.visit("/access/?view=refused").said
    mine = client.visit("/access/?view=me")
    assert "Dr Linh Nguyen" not in mine.all("main")[0].itertext()
    line = next(
        node.get("href")
        for node in client.visit("/access/?view=date").all("a")
        if "/lines/" in (node.get("href") or "")
    )
    proof: Page = client.visit(line)
    assert "scellée" in proof.said
    client.visit(line.partition("?")[0], 404)


def test_patient__is_found_by_exact_ins_only(world: World) -> None:
    client = signed_in(world.doctor)
    matricule = world.amina.ins.matricule
    page = client.send("/pro/search/", matricule=" ".join(matricule))
    assert page.address == world.record
    assert "BENALI" in page.h1
    assert matricule not in page.address
    assert "15" in client.send("/pro/search/", 422, matricule="123").said
    absent = client.send("/pro/search/", 404, matricule=people.new_ins(date(1950, 2, 3), "F", "75056").matricule)
    assert absent.h1 == "Pas de dossier consultable"


def test_consent__must_be_ticked_and_does_not_lift_a_block(world: World) -> None:
    paul, client = people.paul(), signed_in(world.doctor)
    page = client.send("/pro/search/", matricule=paul.ins.matricule)
    assert page.address.endswith("/agreement/")
    client.send(page.address, 422)
    assert "GIRARD" in client.send(page.address, agrees="on").h1
    access.block(actor=paul.actor, person_id=paul.person_id, professional_id=world.doctor.id)
    blocked = client.send("/pro/search/", 404, matricule=paul.ins.matricule)
    assert blocked.h1 == "Pas de dossier consultable"
    client.send(page.address, 404, agrees="on")


def test_deposit__in_an_open_record_then_replace_then_withdraw(world: World) -> None:
    client = signed_in(world.doctor)
    given = {"type_code": "11488-4", "title": "Consultation", "made_on": "2026-02-03", "visible": "later"}
    client.send(f"{world.record}deposit/", content=upload(), **given)
    page = client.visit(f"{world.record}documents/")
    address = page.link("Consultation")
    shown = client.visit(address)
    assert "ne peut pas encore voir" in shown.said
    assert "Consultation" not in signed_in(world.amina).visit("/documents/").said
    client.send(f"{address}show-to-patient/")
    assert "Consultation" in signed_in(world.amina).visit("/documents/").said
    newer = client.send(
        f"{address}replace/", content=upload(), **{**given, "title": "Deuxième", "visible": "now", "parents": "see"}
    )
    assert newer.h1 == "Deuxième"
    client.send(f"{newer.address}withdraw/")
    client.visit(newer.address, 404)


def test_deposit__of_two_that_exclude_each_other_is_refused(world: World) -> None:
    given = {"type_code": "11488-4", "title": "x", "made_on": "2026-02-03", "visible": "later", "is_masked": "on"}
    page = signed_in(world.doctor).send(f"{world.record}deposit/", 422, content=upload(), **given)
    assert "masqué" in page.said


def test_deposit__of_a_minors_document_must_say_who_sees_it() -> None:
    leo, doctor = people.leo(), people.dr_nguyen()
    access.grant(actor=leo.actor, person_id=leo.person_id, professional_id=doctor.id)
    client = signed_in(doctor)
    address = f"/pro/patients/{leo.person_id}/deposit/"
    given = {"type_code": "11488-4", "title": "Consultation", "made_on": "2026-02-03", "visible": "now"}
    client.send(address, 422, content=upload(), **given)
    client.send(address, content=upload(), parents="secret", **given)
    page = client.visit(client.visit(f"/pro/patients/{leo.person_id}/documents/").link("Consultation"))
    assert "secret du mineur" in page.said


def test_deposit__without_opening_needs_ins_and_traits(world: World) -> None:
    stranger = people.dr_nguyen()
    client = signed_in(stranger)
    given = {
        "matricule": world.amina.ins.matricule,
        "birth_name": "Benali",
        "first_names": "Amina Leila",
        "born_on": world.amina.traits.born_on.isoformat(),
        "sex": "F",
        "type_code": "11488-4",
        "title": "Avis",
        "made_on": "2026-02-03",
        "visible": "now",
        "parents": "see",
    }
    assert "déposé" in client.send("/pro/deposit/", content=upload(), **given).said
    assert "Avis" in signed_in(world.amina).visit("/documents/").said
    doubt = client.send("/pro/deposit/", content=upload(), **{**given, "birth_name": "Autre"})
    assert "Mis de côté" in doubt.said
    client.send("/pro/deposit/", 422, content=upload(), **{**given, "matricule": "12"})


def test_notices__are_shown_and_marked_read(world: World) -> None:
    client = signed_in(world.amina)
    client.visit("/notices/")
    assert client.send("/notices/read/").address == "/notices/"


def test_disowned_document__its_author_reads_so_on_their_first_page(world: World) -> None:
    author = signed_in(world.doctor)
    given = {"type_code": "11488-4", "title": "Consultation", "made_on": "2026-02-03", "visible": "now"}
    author.send(f"{world.record}deposit/", content=upload(), **given)
    holder = signed_in(world.amina)
    document = holder.visit("/documents/").link("Consultation")
    holder.send(f"{document}not-mine/", page=f"{document}not-mine/")
    dispatcher.run_for(world.amina.person_id)
    assert "documents que vous avez déposés" in author.visit("/pro/").said
