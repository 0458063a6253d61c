"""Notices in the space: who is told what, who may read it, once each."""

from __future__ import annotations

from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from django.utils import translation

from healthspace.access import events as access
from healthspace.common import clock
from healthspace.common.actor import ANONYMOUS, SYSTEM
from healthspace.common.errors import Invalid, Refused
from healthspace.common.ids import new_id
from healthspace.documents import events as documents
from healthspace.documents.reads import journal
from healthspace.notifications import actions, reads, subscribers
from healthspace.notifications.kinds import AUTHOR_KINDS, KINDS
from healthspace.notifications.models import Notice
from healthspace.outbox import actions as outbox
from healthspace.outbox import dispatcher, events
from healthspace.schema.context import set_context
from tests import people
from tests.people import Holder


def happen(person_id: UUID, fact: events.Fact) -> UUID:
    """The fact is noted by a deed and told by the worker."""
    with transaction.atomic():
        set_context(person_id)
        fact_id = outbox.publish(person_id=person_id, fact=fact)
    dispatcher.run_for(person_id)
    return fact_id


def deposited(person_id: UUID, by_kind: str = "institution", *, hidden: bool = False, secret: bool = False) -> UUID:
    document_id = new_id()
    happen(person_id, documents.DocumentDeposited(person_id, document_id, by_kind, hidden, secret))
    return document_id


def shown(holder: Holder) -> list[str]:
    found = reads.notices(actor=holder.actor, person_id=holder.person_id)
    return [notice.kind for notice in found if notice.kind != "space_opened"]


@pytest.fixture
def amina() -> Holder:
    """Amina without an address, so that nothing here goes by mail."""
    return people.amina(email="")


def test_notices__a_new_document_leads_to_it(amina):
    document_id = deposited(amina.person_id)
    newest = reads.notices(actor=amina.actor, person_id=amina.person_id)[0]
    assert (newest.kind, newest.item_id, newest.is_read) == ("document_deposited", document_id, False)


def test_notices__text_in_the_readers_language_and_without_any_name(amina):
    deposited(amina.person_id)
    newest = reads.notices(actor=amina.actor, person_id=amina.person_id)[0]
    with translation.override("en"):
        assert newest.text == "A new document was added to your health space."
    with translation.override("fr"):
        assert newest.text == "Un nouveau document a été ajouté à votre espace santé."


def test_notices__the_holders_own_acts_are_not_told(amina):
    deposited(amina.person_id, "holder")
    happen(amina.person_id, access.AccessGranted(amina.person_id, new_id(), "holder"))
    happen(amina.person_id, access.AccessEnded(amina.person_id, new_id(), "holder"))
    assert shown(amina) == []


def test_notices__what_is_hidden_from_the_holder_is_not_told(amina):
    document_id = deposited(amina.person_id, hidden=True)
    assert shown(amina) == []
    happen(
        amina.person_id, documents.VisibilityChanged(amina.person_id, document_id, "professional", "reveal_to_holder")
    )
    assert shown(amina) == ["document_revealed"]


def test_notices__a_document_revealed_to_a_minor_is_not_told_to_the_parents():
    leo, jeanne = people.leo(), people.jeanne()
    happen(leo.person_id, documents.VisibilityChanged(leo.person_id, new_id(), "professional", "reveal_to_holder"))
    mother = reads.notices(actor=jeanne.representing(leo), person_id=leo.person_id)
    assert "document_revealed" not in [notice.kind for notice in mother]
    assert shown(leo) == ["document_revealed"]


def test_notices__what_is_secret_from_representatives_is_told_to_the_minor_only():
    leo, jeanne = people.leo(), people.jeanne()
    deposited(leo.person_id, secret=True)
    assert shown(leo) == ["document_deposited"]
    mother = jeanne.representing(leo)
    kinds = [notice.kind for notice in reads.notices(actor=mother, person_id=leo.person_id)]
    assert "document_deposited" not in kinds
    with_secret = reads.unread_count(actor=leo.actor, person_id=leo.person_id)
    assert reads.unread_count(actor=mother, person_id=leo.person_id) == with_secret - 1
    actions.mark_read(actor=mother, person_id=leo.person_id)
    assert reads.unread_count(actor=leo.actor, person_id=leo.person_id) == 1


@pytest.mark.parametrize(
    "fact, kind",
    [
        (lambda p: documents.DocumentReplaced(p, new_id(), "institution", False, False), "document_replaced"),
        (lambda p: documents.DocumentDeleted(p, new_id(), "institution", False, False), "document_deleted"),
        (lambda p: access.RecordOpened(p, new_id()), "record_opened"),
        (lambda p: access.EmergencyOpened(p, new_id(), "samu"), "emergency_opened"),
        (lambda p: access.AccessGranted(p, new_id(), "professional"), "access_granted"),
        (lambda p: access.AccessEnded(p, new_id(), "system"), "access_ended"),
    ],
)
def test_notices__each_fact_has_its_notice(amina, fact, kind):
    happen(amina.person_id, fact(amina.person_id))
    assert shown(amina) == [kind]


def test_notices__a_fact_told_again_is_one_notice(amina):
    fact = documents.DocumentDeposited(amina.person_id, new_id(), "institution", False, False)
    fact_id = happen(amina.person_id, fact)
    for _ in range(3):
        with transaction.atomic():
            set_context(amina.person_id)
            subscribers.document_deposited(fact, fact_id)
    dispatcher.run_for(amina.person_id)
    assert shown(amina) == ["document_deposited"]


def test_notices__the_same_reader_is_told_once_a_day(amina):
    reader = new_id()
    with time_machine.travel(clock.now(), tick=False) as travel:
        for _ in range(3):
            happen(amina.person_id, access.RecordOpened(amina.person_id, reader))
        happen(amina.person_id, access.RecordOpened(amina.person_id, new_id()))
        assert len(shown(amina)) == 2
        travel.shift(24 * 3600 + 1)
        happen(amina.person_id, access.RecordOpened(amina.person_id, reader))
    assert len(shown(amina)) == 3


STRANGERS = {
    "another holder": lambda: people.paul().actor,
    "professional": lambda: people.dr_nguyen().actor,
    "hospital": lambda: people.rivemont().actor,
    "installation": lambda: SYSTEM,
    "nobody": lambda: ANONYMOUS,
}


@pytest.mark.parametrize("stranger", STRANGERS)
def test_notices__stranger_is_refused_everywhere(amina, stranger):
    deposited(amina.person_id)
    actor = STRANGERS[stranger]()
    for ask in (reads.notices, reads.unread_count, reads.mail_choices, actions.mark_read):
        with pytest.raises(Refused):
            ask(actor=actor, person_id=amina.person_id)
    with pytest.raises(Refused):
        actions.choose_mail(actor=actor, person_id=amina.person_id, kind="document_deposited", is_mailed=False)
    assert reads.unread_count(actor=amina.actor, person_id=amina.person_id) >= 1
    assert reads.mail_choices(actor=amina.actor, person_id=amina.person_id)["document_deposited"]


def test_notices__a_doctor_who_may_consult_still_may_not_read_them(amina):
    doctor = people.dr_nguyen()
    people.grant(amina, doctor)
    with pytest.raises(Refused):
        reads.notices(actor=doctor.actor, person_id=amina.person_id)


def test_notices__row_level_security_hides_them_from_another_context(amina):
    deposited(amina.person_id)
    assert not Notice.objects.filter(person_id=amina.person_id).exists()
    with transaction.atomic():
        set_context(people.paul().person_id)
        assert not Notice.objects.filter(person_id=amina.person_id).exists()


def test_mark_read__one_then_all(amina):
    for _ in range(3):
        deposited(amina.person_id)
    before = reads.unread_count(actor=amina.actor, person_id=amina.person_id)
    newest = reads.notices(actor=amina.actor, person_id=amina.person_id)[0]
    assert actions.mark_read(actor=amina.actor, person_id=amina.person_id, notice_id=newest.id) == 1
    assert reads.unread_count(actor=amina.actor, person_id=amina.person_id) == before - 1
    assert reads.notices(actor=amina.actor, person_id=amina.person_id)[0].is_read
    assert actions.mark_read(actor=amina.actor, person_id=amina.person_id) == before - 1
    assert reads.unread_count(actor=amina.actor, person_id=amina.person_id) == 0


def test_mark_read__another_persons_notice_stays(amina):
    paul = people.paul()
    deposited(amina.person_id)
    newest = reads.notices(actor=amina.actor, person_id=amina.person_id)[0]
    assert actions.mark_read(actor=paul.actor, person_id=paul.person_id, notice_id=newest.id) == 0
    assert not reads.notices(actor=amina.actor, person_id=amina.person_id)[0].is_read


def test_notices__pages_hold_each_notice_once_even_at_one_instant(amina):
    with time_machine.travel(clock.now(), tick=False) as travel:
        for number in range(7):
            travel.shift(number % 2)
            deposited(amina.person_id)
    whole = reads.notices(actor=amina.actor, person_id=amina.person_id)
    walked: list[reads.NoticeCard] = []
    while page := reads.notices(
        actor=amina.actor,
        person_id=amina.person_id,
        before=walked[-1].at if walked else None,
        before_id=walked[-1].id if walked else None,
        limit=2,
    ):
        walked += page
    assert tuple(walked) == whole
    assert len(whole) == 8


def test_choose_mail__holder_chooses_for_a_kind_and_a_representative_may_not(amina):
    actions.choose_mail(actor=amina.actor, person_id=amina.person_id, kind="record_opened", is_mailed=True)
    actions.choose_mail(actor=amina.actor, person_id=amina.person_id, kind="document_deposited", is_mailed=False)
    choices = reads.mail_choices(actor=amina.actor, person_id=amina.person_id)
    assert (choices["record_opened"], choices["document_deposited"]) == (True, False)
    assert set(choices) == set(KINDS)
    with pytest.raises(Invalid):
        actions.choose_mail(actor=amina.actor, person_id=amina.person_id, kind="nothing", is_mailed=True)
    leo, jeanne = people.leo(), people.jeanne()
    with pytest.raises(Refused):
        actions.choose_mail(
            actor=jeanne.representing(leo), person_id=leo.person_id, kind="record_opened", is_mailed=True
        )
    (line,) = journal(actor=amina.actor, person_id=amina.person_id, limit=1, is_act=False)
    assert (line.kind, line.outcome) == ("mail_choice_changed", "done")
    (line,) = journal(actor=leo.actor, person_id=leo.person_id, limit=1, is_act=False)
    assert (line.kind, line.outcome, line.rule) == ("notices_read", "refused", "OWN")


def disowned(person_id: UUID, professional_id: UUID | None, institution_id: UUID | None) -> UUID:
    document_id = new_id()
    happen(person_id, documents.DocumentDisowned(person_id, document_id, professional_id, institution_id))
    return document_id


def test_author_notices__the_doctor_who_filed_is_told_and_nobody_else(amina):
    hospital, colleague = people.rivemont(), people.dr_nguyen()
    doctor = people.dr_nguyen(hospital)
    document_id = disowned(amina.person_id, doctor.id, hospital.id)
    (card,) = reads.author_notices(actor=doctor.actor)
    assert (card.document_id, card.is_read) == (document_id, False)
    assert reads.author_notices(actor=colleague.actor) == ()
    assert reads.author_notices(actor=hospital.actor) == ()
    assert "document_disowned" not in shown(amina)


def test_author_notices__a_structure_that_filed_is_told_through_its_software(amina):
    hospital, other = people.rivemont(), people.rivemont()
    disowned(amina.person_id, None, hospital.id)
    assert [card.kind for card in reads.author_notices(actor=hospital.actor)] == ["document_disowned"]
    assert reads.author_notices(actor=other.actor) == ()


def test_author_notices__the_holders_own_document_tells_nobody(amina):
    disowned(amina.person_id, None, None)


@pytest.mark.parametrize("stranger", ["another holder", "installation", "nobody"])
def test_author_notices__not_for_those_who_file_nothing(stranger):
    with pytest.raises(Refused):
        reads.author_notices(actor=STRANGERS[stranger]())


def test_mark_author_notice_read__author_only(amina):
    doctor, stranger = people.dr_nguyen(), people.dr_nguyen()
    disowned(amina.person_id, doctor.id, None)
    (card,) = reads.author_notices(actor=doctor.actor)
    with pytest.raises(Refused):
        actions.mark_author_notice_read(actor=stranger.actor, notice_id=card.id)
    assert not reads.author_notices(actor=doctor.actor)[0].is_read
    actions.mark_author_notice_read(actor=doctor.actor, notice_id=card.id)
    assert reads.author_notices(actor=doctor.actor)[0].is_read


def test_facts__each_has_a_listener_or_a_written_reason_why_not():
    ours = {kind for kind, fact in events.known().items() if fact.__module__.startswith("healthspace.")}
    heard = dispatcher.listened_kinds() & ours
    assert heard | set(subscribers.NO_ONE_LISTENS) == ours
    assert not heard & set(subscribers.NO_ONE_LISTENS)


ALL_KINDS = [*KINDS.values(), *AUTHOR_KINDS.values()]
HEALTH_WORDS = ["diagnos", "result", "résultat", "hospital", "hôpital", "doctor", "médecin", "treat", "trait", "vaccin",
                "ordonnance", "prescription", "laborat", "analys", "patholog", "%"]  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
def test_kinds__no_word_about_health_and_a_whole_sentence(language):
    with translation.override(language):
        texts = [str(kind.text) for kind in ALL_KINDS]
    assert len(set(texts)) == len(ALL_KINDS)
    for text in texts:
        assert text[0].isupper()
        assert text.endswith((".", "?"))
        assert not any(word in text.lower() for word in HEALTH_WORDS)


def test_kinds__all_are_in_french():
    for kind in ALL_KINDS:
        with translation.override("fr"):
            french = str(kind.text)
        with translation.override("en"):
            assert french != str(kind.text)
