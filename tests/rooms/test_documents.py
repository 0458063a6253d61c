"""One document's way inside the rooms: filed, told, opened, hidden, refused, journalled."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from healthspace.access import actions as access
from healthspace.common.errors import Conflict, Invalid, Refused, SpaceClosed, TooLarge, Unavailable
from healthspace.documents import actions, reads, tasks
from healthspace.documents.reads import ListQuery
from tests import people
from tests.factories.orders import order, own_order, pdf


def titles(actor, holder, **query) -> list[str]:
    page = reads.list_documents(actor=actor, person_id=holder.person_id, query=ListQuery(**query))
    return [card.title for card in page.cards]


def last(holder, count=1):
    return reads.journal(actor=holder.actor, person_id=holder.person_id, limit=count, is_act=False)


def allowed(holder, professional):
    access.grant(actor=holder.actor, person_id=holder.person_id, professional_id=professional.id)
    return professional


def test_deposit__hospital_is_filed_and_its_holder_opens_the_same_bytes():
    amina, hospital = people.amina(), people.rivemont()
    content = pdf("Compte rendu")
    receipt = actions.deposit(actor=hospital.actor, order=order(amina, content=content))
    opened = reads.open_document(actor=amina.actor, person_id=amina.person_id, document_id=receipt.document_id)
    assert receipt.status == "filed"
    assert opened.content == content
    assert opened.card.title == "Lettre de sortie"
    assert [entry.kind for entry in last(amina, 2)] == ["document_opened", "document_deposited"]


def test_open_document__stranger_is_refused_and_journalled():
    amina, paul, hospital = people.amina(), people.paul(), people.rivemont()
    receipt = actions.deposit(actor=hospital.actor, order=order(amina))
    with pytest.raises(Refused) as hidden:
        reads.open_document(actor=paul.actor, person_id=amina.person_id, document_id=receipt.document_id)
    with pytest.raises(Refused) as absent:
        reads.open_document(actor=paul.actor, person_id=amina.person_id, document_id=uuid4())
    assert str(hidden.value) == str(absent.value) == "refused"
    assert {entry.outcome for entry in last(amina, 2)} == {"refused"}


def test_open_document__caring_doctor_until_the_holder_hides_it():
    amina, hospital = people.amina(), people.rivemont()
    doctor = allowed(amina, people.dr_nguyen())
    where = {"person_id": amina.person_id}
    receipt = actions.deposit(actor=hospital.actor, order=order(amina))
    where["document_id"] = receipt.document_id
    assert reads.open_document(actor=doctor.actor, **where).card.id == receipt.document_id
    actions.mask(actor=amina.actor, **where)
    with pytest.raises(Refused):
        reads.open_document(actor=doctor.actor, **where)
    assert titles(doctor.actor, amina) == []
    refusal = next(entry for entry in last(amina, 2) if entry.outcome == "refused")
    assert (refusal.kind, refusal.rule, refusal.item_id) == ("document_opened", "ACC-17", receipt.document_id)
    actions.unmask(actor=amina.actor, **where)
    assert titles(doctor.actor, amina) == ["Lettre de sortie"]


def test_mask__attending_doctor_and_author_still_see_it():
    amina, hospital, doctor = people.amina(), people.rivemont(), people.dr_nguyen()
    access.name_attending_doctor(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    receipt = actions.deposit(actor=hospital.actor, order=order(amina))
    where = {"person_id": amina.person_id, "document_id": receipt.document_id}
    actions.mask(actor=amina.actor, **where)
    for reader in (doctor, hospital, amina):
        assert reads.document_card(actor=reader.actor, **where).is_masked
    assert last(amina, 3)[2].rule == "ACC-5"


def test_unmask__author_cannot_undo_what_the_holder_hid():
    amina, hospital = people.amina(), people.rivemont()
    receipt = actions.deposit(actor=hospital.actor, order=order(amina))
    where = {"person_id": amina.person_id, "document_id": receipt.document_id}
    actions.mask(actor=amina.actor, **where)
    with pytest.raises(Refused):
        actions.unmask(actor=hospital.actor, **where)


def test_deposit__same_identifier_twice_is_one_document():
    amina, hospital = people.amina(), people.rivemont()
    sent = order(amina)
    first = actions.deposit(actor=hospital.actor, order=sent)
    again = actions.deposit(actor=hospital.actor, order=sent)
    assert (again.status, again.document_id) == ("duplicate", first.document_id)
    assert len(titles(amina.actor, amina)) == 1
    with pytest.raises(Conflict):
        actions.deposit(actor=hospital.actor, order=order(amina, source_id=sent.source_id, content=pdf("other")))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"born_on": date(1990, 1, 1)}, "traits-differ"),
        ({"birth_name": "AUTRE"}, "traits-differ"),
        ({"sex": "M"}, "traits-differ"),
    ],
)
def test_deposit__identity_that_differs_waits_in_quarantine_and_nobody_is_told(change, reason):
    from dataclasses import replace

    from healthspace.documents.rules import ClaimedIdentity

    amina, hospital = people.amina(), people.rivemont()
    claimed = ClaimedIdentity(amina.ins, replace(amina.traits, **change))
    before = len(last(amina, 50))
    receipt = actions.deposit(actor=hospital.actor, order=order(amina, identity=claimed))
    assert (receipt.status, receipt.reason) == ("quarantined", reason)
    assert titles(amina.actor, amina) == []
    assert all(entry.kind == "documents_listed" for entry in last(amina, 50)[:-before])


def test_deposit__unknown_person_waits_in_quarantine_once():
    amina, hospital = people.amina(), people.rivemont()
    from healthspace.documents.rules import ClaimedIdentity
    from healthspace.spaces.rules import Ins

    nobody = ClaimedIdentity(Ins("299999999999934", "1.2.250.1.213.1.4.10"), amina.traits)
    sent = order(amina, identity=nobody)
    first = actions.deposit(actor=hospital.actor, order=sent)
    again = actions.deposit(actor=hospital.actor, order=sent)
    assert first.status == again.status == "quarantined"
    assert first.document_id == again.document_id


def test_deposit__visibility_codes_that_hide_it_from_all_are_refused():
    amina, hospital = people.amina(), people.rivemont()
    with pytest.raises(Invalid) as fault:
        actions.deposit(
            actor=hospital.actor,
            order=order(amina, confidentiality=frozenset({"MASQUE_PS", "INVISIBLE_PATIENT"})),
        )
    assert (fault.value.field, fault.value.rule) == ("confidentiality", "ACC-18")


def test_deposit__class_follows_from_type_and_the_sender_is_told():
    amina, hospital = people.amina(), people.rivemont()
    receipt = actions.deposit(actor=hospital.actor, order=order(amina, class_code="31"))
    card = reads.document_card(actor=amina.actor, person_id=amina.person_id, document_id=receipt.document_id)
    assert card.class_code == "10"
    assert "X16" in receipt.corrections[0]


def test_deposit__too_large_is_refused(settings):
    settings.MAX_DOCUMENT_BYTES = 100
    amina, hospital = people.amina(), people.rivemont()
    with pytest.raises(TooLarge):
        actions.deposit(actor=hospital.actor, order=order(amina))


def test_deposit__blocked_doctor_still_files_and_sees_only_that():
    amina, doctor, hospital = people.amina(), people.dr_nguyen(), people.rivemont()
    actions.deposit(actor=hospital.actor, order=order(amina))
    access.block(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    receipt = actions.deposit(actor=doctor.actor, order=order(amina))
    where = {"person_id": amina.person_id}
    assert reads.document_card(actor=doctor.actor, document_id=receipt.document_id, **where)
    with pytest.raises(Refused):
        access.declare_consent(actor=doctor.actor, has_consent=True, **where)
    with pytest.raises(Refused):
        reads.list_documents(actor=doctor.actor, query=ListQuery(), **where)


def test_deposit__closed_space_takes_nothing():
    from healthspace.spaces import actions as spaces

    amina, hospital = people.amina(), people.rivemont()
    spaces.close(actor=amina.actor, person_id=amina.person_id)
    with pytest.raises(SpaceClosed):
        actions.deposit(actor=hospital.actor, order=order(amina))


def test_announcement__holder_sees_nothing_for_a_month_then_all_of_it():
    amina, hospital = people.amina(), people.rivemont()
    day = datetime(2026, 12, 1, 12, tzinfo=UTC)
    with time_machine.travel(day, tick=False):
        receipt = actions.deposit(
            actor=hospital.actor, order=order(amina, confidentiality=frozenset({"INVISIBLE_PATIENT"}))
        )
        assert titles(amina.actor, amina) == []
        assert receipt.document_id not in {entry.item_id for entry in last(amina, 50)}
        with pytest.raises(Refused):
            reads.open_document(actor=amina.actor, person_id=amina.person_id, document_id=receipt.document_id)
    with time_machine.travel(day + timedelta(days=30), tick=False):
        assert titles(amina.actor, amina) == ["Lettre de sortie"]
        actions.mask(actor=amina.actor, person_id=amina.person_id, document_id=receipt.document_id)
        assert receipt.document_id in {entry.item_id for entry in last(amina, 50)}


def test_replace__author_supersedes_and_the_old_version_stays_reachable():
    amina, hospital, other = people.amina(), people.rivemont(), people.dr_nguyen()
    old = actions.deposit(actor=hospital.actor, order=order(amina, title="Ancien"))
    with pytest.raises(Refused):
        actions.replace(actor=other.actor, order=order(amina, replaces=str(old.document_id)))
    new = actions.replace(actor=hospital.actor, order=order(amina, title="Nouveau", replaces=str(old.document_id)))
    assert titles(amina.actor, amina) == ["Nouveau"]
    assert titles(amina.actor, amina, statuses=("current", "superseded")).count("Ancien") == 1
    where = {"person_id": amina.person_id, "document_id": old.document_id}
    assert reads.open_document(actor=amina.actor, **where).card.status == "superseded"
    assert (
        reads.document_card(actor=amina.actor, person_id=amina.person_id, document_id=new.document_id).replaces_id
        == old.document_id
    )


def test_delete__author_only_and_nothing_is_listed_after():
    amina, hospital, doctor = people.amina(), people.rivemont(), allowed_doctor()
    receipt = actions.deposit(actor=hospital.actor, order=order(amina))
    where = {"person_id": amina.person_id, "document_id": receipt.document_id}
    for other in (amina, doctor):
        with pytest.raises(Refused):
            actions.delete(actor=other.actor, **where)
    actions.delete(actor=hospital.actor, **where)
    assert titles(amina.actor, amina) == []
    with pytest.raises(Refused):
        reads.open_document(actor=amina.actor, **where)


def allowed_doctor():
    return people.dr_nguyen()


def test_disown__holder_and_only_its_author_finds_it_again():
    amina, hospital = people.amina(), people.rivemont()
    doctor = allowed(amina, people.dr_nguyen())
    receipt = actions.deposit(actor=hospital.actor, order=order(amina))
    where = {"person_id": amina.person_id, "document_id": receipt.document_id}
    with pytest.raises(Refused):
        actions.disown(actor=doctor.actor, **where)
    actions.disown(actor=amina.actor, **where)
    assert titles(amina.actor, amina) == titles(doctor.actor, amina) == []
    with pytest.raises(Refused):
        reads.open_document(actor=amina.actor, **where)
    assert reads.document_card(actor=hospital.actor, **where).status == "disowned"


def test_rename_and_note__are_the_holders_and_leave_the_original_alone():
    amina, hospital = people.amina(), people.rivemont()
    doctor = allowed(amina, people.dr_nguyen())
    receipt = actions.deposit(actor=hospital.actor, order=order(amina))
    where = {"person_id": amina.person_id, "document_id": receipt.document_id}
    actions.rename(actor=amina.actor, title="Ma sortie", **where)
    actions.note(actor=amina.actor, text="Demander la suite", **where)
    mine = reads.document_card(actor=amina.actor, **where)
    theirs = reads.document_card(actor=doctor.actor, **where)
    assert (mine.title, mine.original_title, mine.note) == ("Ma sortie", "Lettre de sortie", "Demander la suite")
    assert (theirs.title, theirs.note) == ("Lettre de sortie", "")
    with pytest.raises(Refused):
        actions.rename(actor=doctor.actor, title="x", **where)


def test_folders__holder_makes_one_once_and_moves_into_it():
    amina, paul = people.amina(), people.paul()
    receipt = actions.deposit(actor=amina.actor, order=own_order(amina))
    where = {"person_id": amina.person_id}
    folder = actions.create_folder(actor=amina.actor, name="Genou", **where)
    assert actions.create_folder(actor=amina.actor, name="  genou ", **where) == folder
    actions.move(actor=amina.actor, document_id=receipt.document_id, folder_id=folder, **where)
    assert [(f.name, f.count) for f in reads.folders(actor=amina.actor, **where)] == [("Genou", 1)]
    assert titles(amina.actor, amina, folder_id=folder) == ["Un papier"]
    with pytest.raises(Refused):
        actions.create_folder(actor=paul.actor, name="x", **where)


def test_list__pages_cover_everything_once_and_a_foreign_cursor_is_refused():
    amina, paul = people.amina(), people.paul()
    for number in range(7):
        actions.deposit(actor=amina.actor, order=own_order(amina, title=f"n{number}"))
    seen, cursor = [], ""
    while True:
        page = reads.list_documents(
            actor=amina.actor, person_id=amina.person_id, query=ListQuery(limit=3, cursor=cursor, with_total=True)
        )
        assert page.total == 7
        seen += [card.title for card in page.cards]
        if not page.next_cursor:
            break
        cursor = page.next_cursor
    assert sorted(seen) == [f"n{number}" for number in range(7)]
    for _ in range(2):
        actions.deposit(actor=paul.actor, order=own_order(paul))
    with pytest.raises(Invalid):
        reads.list_documents(actor=paul.actor, person_id=paul.person_id, query=ListQuery(limit=1, cursor=cursor))


def test_list__search_on_names_ignores_accents_and_finds_no_hidden_one():
    amina, hospital = people.amina(), people.rivemont()
    doctor = allowed(amina, people.dr_nguyen())
    shown = actions.deposit(actor=hospital.actor, order=order(amina, title="Échographie du genou"))
    hidden = actions.deposit(actor=hospital.actor, order=order(amina, title="Echographie cachée"))
    actions.mask(actor=amina.actor, person_id=amina.person_id, document_id=hidden.document_id)
    assert len(titles(amina.actor, amina, text="echographie")) == 2
    assert titles(doctor.actor, amina, text="ÉCHO") == ["Échographie du genou"]
    assert shown.document_id != hidden.document_id


def test_list__what_came_since_the_last_visit_is_new():
    amina, hospital = people.amina(), people.rivemont()
    start = datetime(2026, 11, 20, 8, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        actions.deposit(actor=hospital.actor, order=order(amina, title="Avant"))
        titles(amina.actor, amina, is_visit=True)
    with time_machine.travel(start + timedelta(hours=2), tick=False):
        actions.deposit(actor=hospital.actor, order=order(amina, title="Depuis"))
    with time_machine.travel(start + timedelta(hours=3), tick=False):
        page = reads.list_documents(actor=amina.actor, person_id=amina.person_id, query=ListQuery(is_visit=True))
    assert {card.title: card.is_new for card in page.cards} == {"Avant": False, "Depuis": True}


def test_change__stale_version_is_refused_and_history_keeps_each():
    amina, hospital = people.amina(), people.rivemont()
    receipt = actions.deposit(actor=hospital.actor, order=order(amina))
    where = {"person_id": amina.person_id, "document_id": receipt.document_id}
    actions.mask(actor=amina.actor, if_version=1, **where)
    with pytest.raises(Conflict):
        actions.unmask(actor=amina.actor, if_version=1, **where)
    actions.unmask(actor=amina.actor, if_version=2, **where)
    kept = reads.versions(actor=amina.actor, **where)
    assert [(v.card.version, v.card.is_masked) for v in kept] == [(3, False), (2, True), (1, False)]


def test_visibility__what_was_shown_to_representatives_cannot_be_hidden_again():
    amina, hospital = people.amina(), people.rivemont()
    receipt = actions.deposit(
        actor=hospital.actor, order=order(amina, confidentiality=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}))
    )
    where = {"person_id": amina.person_id, "document_id": receipt.document_id}
    actions.change_visibility(actor=hospital.actor, ask="reveal_to_representatives", **where)
    with pytest.raises(Conflict):
        actions.change_visibility(actor=hospital.actor, ask="hide_from_representatives", **where)


def test_journal__stranger_is_refused():
    amina, paul, doctor = people.amina(), people.paul(), people.dr_nguyen()
    for other in (paul, doctor):
        with pytest.raises(Refused):
            reads.journal(actor=other.actor, person_id=amina.person_id)


def test_list__sorted_by_name_pages_in_that_order():
    amina = people.amina()
    for title in ("Élan", "abeille", "Zèbre", "dune", "Écho"):
        actions.deposit(actor=amina.actor, order=own_order(amina, title=title))
    first = reads.list_documents(actor=amina.actor, person_id=amina.person_id, query=ListQuery(sort="title", limit=3))
    rest = titles(amina.actor, amina, sort="title", limit=3, cursor=first.next_cursor)
    assert [card.title for card in first.cards] + rest == ["abeille", "dune", "Écho", "Élan", "Zèbre"]


class _Clamd:
    """A scanner on loopback that speaks INSTREAM and can be switched off."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.socket.accept()
            except OSError:
                return
            with line, line.makefile("rb") as read:
                read.read(len(b"zINSTREAM\0"))
                while size := int.from_bytes(read.read(4), "big"):
                    read.read(size)
                line.sendall(b"stream: OK\0")

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def test_deposit__scanner_down_waits_and_is_filed_whole_when_it_answers(settings, as_worker):
    amina, hospital = people.amina(), people.rivemont()
    settings.CLAMD_ADDRESS = "tcp://127.0.0.1:9"
    sent = order(amina, setting_code="ETABLISSEMENT", confidentiality=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}))
    assert actions.deposit(actor=hospital.actor, order=sent).reason == "scanner-down"
    assert titles(amina.actor, amina) == []
    assert tasks.release_once() == 0
    scanner = _Clamd()
    settings.CLAMD_ADDRESS = scanner.address
    tasks.release_once()
    scanner.close()
    page = reads.list_documents(actor=amina.actor, person_id=amina.person_id, query=ListQuery())
    assert [(card.title, card.setting_code, card.is_hidden_from_representatives) for card in page.cards] == [
        ("Lettre de sortie", "ETABLISSEMENT", True)
    ]
    opened = reads.open_document(actor=amina.actor, person_id=amina.person_id, document_id=page.cards[0].id)
    assert opened.content == sent.content
    assert last(amina, 50)[-1].kind in {"space_opened", "space_activated"}


def test_open_document__doctor_reads_nothing_when_the_journal_is_behind(settings):
    amina, hospital = people.amina(), people.rivemont()
    doctor = allowed(amina, people.dr_nguyen())
    receipt = actions.deposit(actor=hospital.actor, order=order(amina))
    where = {"person_id": amina.person_id, "document_id": receipt.document_id}
    settings.JOURNAL_MAY_LAG_SECONDS = 0
    with pytest.raises(Unavailable):
        reads.open_document(actor=doctor.actor, **where)
    assert reads.open_document(actor=amina.actor, **where)
    settings.JOURNAL_MAY_LAG_SECONDS = 24 * 3600
    assert reads.open_document(actor=doctor.actor, **where)
