"""T23: an abusive partner as helper. What they try, and what comes of it; figures are printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from healthspace.access import actions as access
from healthspace.access import reads as access_reads
from healthspace.access import rules
from healthspace.access.adapters import caregivers
from healthspace.access.guarded import Guarded
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import HealthspaceError
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.documents.reads import ListQuery
from healthspace.journeys import attestation
from healthspace.notifications import reads as notices
from healthspace.outbox import dispatcher
from healthspace.terminology import reads as terminology
from tests import people
from tests.doors.test_web_step_up import names
from tests.factories.orders import order
from tests.page_client import begin_session
from tests.promises import doors
from tests.roles import as_the_worker
from tests.verify import figures

# The pages of a helper in somebody's record, and those about the helper's own life; everything else is closed.
OF_THE_RECORD = {
    "home", "documents", "search", "add", "document", "text", "copy", "preview", "media", "delete", "care",
}  # fmt: skip
OF_ONESELF = {"people", "back_to_me", "switch", "helping", "answer_help", "stop_helping"}
OWN_LIFE = ("<path:", "sign-", "helping/", "people/me/")
MUTATIONS = {
    "title": "x", "note": "x", "name": "x", "text": "x", "email": "partner@example.org", "phone": "0611111111",
    "is_samu_opposed": "on", "is_break_glass_opposed": "on", "samu": "no", "until": "365", "days": "365",
    "may": "write", "step": "who", "see": "BIOLOGIE", "yes": "on", "confirm": "on", "password": "x",
}  # fmt: skip


@dataclass(frozen=True)
class Couple:
    """Amina, and a partner who helps her: results only, reading only."""

    amina: people.Holder
    partner: people.Holder
    helper: Actor
    item: UUID


@pytest.fixture
def couple() -> Couple:
    amina, partner = people.amina(), people.paul()
    helper = partner.helping(amina, "BIOLOGIE", scopes=())
    sent = order(amina, type_code="11502-2", media_type="text/plain", content=b"Bonjour")
    item = documents.deposit(actor=people.rivemont().actor, order=sent).document_id
    people.grant(amina, people.dr_nguyen())
    people.jeanne().helping(amina)
    return Couple(amina, partner, helper, item)


def state_of(amina: people.Holder) -> tuple[object, ...]:
    """Everything that a helper may never change."""
    who: dict[str, Any] = {"actor": amina.actor, "person_id": amina.person_id}
    cards = reads.list_documents(**who, query=ListQuery(limit=100)).cards
    identity = access_reads.identity(**who)
    return (
        [(tie.id, tie.expires_at) for tie in access_reads.ties(**who)],
        [(card.id, card.state, card.terms) for card in access_reads.helpers(**who)],
        [(card.id, card.title, card.note, card.is_masked, card.folder_id, card.status, card.version) for card in cards],
        [folder.name for folder in reads.folders(**who)],
        (identity.email, identity.phone),
        dict(notices.mail_choices(**who)),
    )


def test_attack__every_address_posted_as_a_helper_changes_nothing(
    couple: Couple, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each POST of each address, with plausible answers, from inside the record."""
    before, answers = state_of(couple.amina), {}
    for address in (one for one in doors.web() if not any(word in one.pattern for word in OWN_LIFE)):
        client = in_the_record(couple)
        path = address.filled(document_id=couple.item, person_id=couple.amina.person_id)
        answers[address.pattern] = client.post(path, MUTATIONS).status_code
    assert state_of(couple.amina) == before
    refused = sum(status in {403, 404, 405} for status in answers.values())
    figures.show(capsys, f"T23: {len(answers)} addresses posted as a helper, {refused} refused, nothing changed")
    assert all(status < 500 for status in answers.values()), answers


def in_the_record(couple: Couple) -> Client:
    client = Client()
    begin_session(client, couple.partner)
    client.post(f"/people/{couple.amina.person_id}/", {"as": "helper"})
    return client


def test_attack__only_the_pages_of_a_helper_open(couple: Couple, capsys: pytest.CaptureFixture[str]) -> None:
    """A page that is not in the two lists answers as if it were not there."""
    pages = [(name.partition(":")[2], pattern) for name, pattern in names() if name.startswith("citizen:")]
    opened = set()
    for name, pattern in pages:
        path = doors.Address("web", "", pattern).filled(document_id=couple.item, person_id=couple.amina.person_id)
        if in_the_record(couple).get(path).status_code not in {404, 405}:
            opened.add(name)
    figures.show(capsys, f"T23: {len(pages)} pages of a record, open to a helper: {sorted(opened)}")
    assert opened <= OF_THE_RECORD | OF_ONESELF


def test_attack__each_category_opens_its_own_types_only(capsys: pytest.CaptureFixture[str]) -> None:
    """118 types x 13 categories, asked one by one; papers about rights in none."""
    types, asked = terminology.document_types(), 0
    for category in terminology.categories():
        opened = caregivers.readable_types({category})
        asker = rules.Asker(role="caregiver", space_state="active", at=clock.now(), readable_types=opened)
        for code, kind in types.items():
            item = Guarded("current", code, kind.class_code, "institution", None, None)
            is_right = rules.decide(asker, "open", item).is_allowed == (
                kind.category == category and code not in rules.RIGHTS
            )
            asked += 1
            assert is_right, (category, code)
    figures.show(capsys, f"T23: {asked} questions about categories, each answered as delegated")
    assert asked == len(types) * len(terminology.categories())


def test_attack__help_never_lasts_beyond_twelve_months(couple: Couple) -> None:
    """Neither asked nor prolonged; and no helper prolongs their own."""
    far = clock.today() + timedelta(days=366)
    terms = rules.Terms(frozenset({"BIOLOGIE"}), frozenset(), far)
    where: dict[str, Any] = {"person_id": couple.amina.person_id, "delegation_id": couple.partner.person_id}
    acts = (
        lambda: access.ask_help(
            actor=couple.amina.actor, person_id=couple.amina.person_id, wanted=people.paul().as_wanted(), terms=terms
        ),
        lambda: access.prolong_help(actor=couple.amina.actor, **where, last_day=far),
        lambda: access.prolong_help(actor=couple.helper, **where, last_day=far - timedelta(days=10)),
        lambda: access.prolong_help(actor=couple.partner.actor, **where, last_day=far - timedelta(days=10)),
    )
    for act in acts:
        with pytest.raises(HealthspaceError):
            act()
    with time_machine.travel(rules.ends_after(clock.today() + timedelta(days=365)), tick=False):
        with pytest.raises(HealthspaceError):
            listed(couple.helper, couple.amina)


def listed(actor: Actor, amina: people.Holder) -> int:
    return len(reads.list_documents(actor=actor, person_id=amina.person_id, query=ListQuery()).cards)


def test_attack__being_cut_off_sends_nothing(couple: Couple) -> None:
    """No notice, no line, no fact in the helper's space; every further try is refused and written down for Amina."""
    partner: dict[str, Any] = {"actor": couple.partner.actor, "person_id": couple.partner.person_id}
    dispatch()
    told = [len(notices.notices(**partner)), len(reads.journal(**partner, is_act=False, limit=500))]
    attestation.end_help(
        actor=couple.amina.actor, person_id=couple.amina.person_id, delegation_id=couple.partner.person_id
    )
    dispatch()
    assert told == [len(notices.notices(**partner)), len(reads.journal(**partner, is_act=False, limit=500))]
    with pytest.raises(HealthspaceError):
        listed(couple.helper, couple.amina)
    lines = reads.journal(actor=couple.amina.actor, person_id=couple.amina.person_id)
    assert any(line.actor_kind == "caregiver" and line.outcome == "refused" for line in lines)


def dispatch() -> None:
    """Let everything that was told reach its readers."""
    with as_the_worker():
        while dispatcher.run_once(200):
            pass


def test_attack__a_stolen_capacity_is_nobody(couple: Couple) -> None:
    """Saying that one helps, with the id of somebody who does, or in the name of the person, opens nothing."""
    stranger = people.paul()
    claims = (
        access.as_caregiver(stranger.actor, couple.amina.person_id),
        replace(couple.helper, own_person_id=None),
        replace(couple.helper, own_person_id=couple.amina.person_id),
        replace(couple.helper, kind="representative"),
        replace(couple.helper, person_id=stranger.person_id),
    )
    for claim in claims:
        with pytest.raises(HealthspaceError):
            listed(claim, couple.amina)
    assert listed(couple.helper, couple.amina) == 1
