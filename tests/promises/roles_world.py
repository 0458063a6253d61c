"""One world for the table of roles: Amina's record, and everybody who stands around it.

A new address whose placeholder leads to something: give that something an id in `ids`, so that the table
says who reaches what is there, and not only who reaches nothing.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client

from healthspace.access import actions as access
from healthspace.access.actions import Decision
from healthspace.access.rules import SCOPES, Terms
from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.common.ids import NIL, new_id
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.enrolment.models import Wave
from healthspace.fhir import logical_ids
from healthspace.journeys import export_space
from healthspace.notifications import actions as notices
from healthspace.notifications import reads as told
from healthspace.people import actions as accounts
from healthspace.people import reads as people_reads
from healthspace.schema.context import set_context
from healthspace.support import actions as desk
from healthspace.support import reads as support
from healthspace.support.actions import reading
from healthspace.support.actions.tickets import Given
from healthspace.web import acting, beside
from tests import desks, people
from tests.doors import fhir_client
from tests.doors.desk_pages import agent
from tests.page_client import begin_session
from tests.roles import as_the_worker

WEB_ROLES = (
    "visitor", "holder", "other", "representative", "caregiver", "desk", "assistant", "tied", "stranger", "support",
    "operator",
)  # fmt: skip
LOCATION = re.compile(r"(?:List|DocumentReference)/([a-z2-7]{52})")
PAPER = Given("paper.pdf", b"%PDF-1.7 an invented paper")
FHIR_ROLES = ("visitor", "author", "institution", "tied", "stranger")


@dataclass(slots=True)
class World:
    """`sessions`: role -> cookie of a session; `tokens`: role -> token of the FHIR door;
    `ids`: placeholder -> id;
    `resource`: the paper as its author reads it.
    """

    amina: people.Holder
    hospital: people.Hospital
    sessions: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    child_id: UUID = NIL
    resource: dict[str, Any] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A fresh browser of this role: what one answer does to its cookies is forgotten by the next."""
        client = Client(raise_request_exception=False)
        client.cookies["language"] = "en"
        if role in self.sessions:
            client.cookies["session"] = self.sessions[role]
        return client

    def ids_for(self, pattern: str) -> dict[str, Any]:
        """What stands for the placeholders of an address; the person of a family page is Amina's child."""
        return self.ids | {"person_id": self.child_id if pattern.startswith("people/") else self.amina.person_id}


def made() -> World:
    """Amina with her child, guardian, helper, doctor, desk and papers; Paul and Dr Martin, who are strangers."""
    amina, hospital = people.amina(), people.rivemont()
    world = World(amina, hospital)
    doctor, stranger = people.dr_nguyen(hospital), people.dr_nguyen()
    _family(world)
    _papers(world)
    tie_id = people.grant(amina, doctor)
    agent_of = agent()
    _desk(world, agent_of.account_id)
    world.ids |= {"tie_id": tie_id, "professional_id": doctor.id, "breakdown": "department", "kind": "citizen"}
    world.ids |= {"act": "close", "wave_id": _wave()}
    world.ids["notice_id"] = _notice(world, doctor)
    paul = people.paul()
    _invite(world, paul)
    for role, person in (("holder", amina), ("other", paul), ("tied", doctor), ("stranger", stranger)):
        world.sessions[role] = _session(person)
    world.ids["session_id"] = people_reads.sessions(amina.account_id)[0].id
    world.sessions["support"] = _session(agent_of)
    world.sessions["operator"] = _session(_operator())
    _tokens(world, doctor, stranger)
    lines = reads.journal(actor=amina.actor, person_id=amina.person_id, is_act=False)
    world.ids["event_id"] = lines[-1].id
    return world


def _family(world: World) -> None:
    amina, leo, lina, jeanne = world.amina, people.leo(), people.jeanne(), people.jeanne()
    amina.representing(leo)
    world.child_id = leo.person_id
    lina.helping(amina)
    world.ids["delegation_id"] = lina.person_id
    today = clock.today()
    assert access.name_guardian(
        actor=SYSTEM,
        person_id=amina.person_id,
        guardian_id=jeanne.person_id,
        decision=Decision(
            kind="guardian", scope="as_holder", court="Tribunal judiciaire de Rivemont", number="24/01234",
            decided_on=today - timedelta(days=30), starts_on=today - timedelta(days=20),
            ends_on=today + timedelta(days=900),
        ),
        agents=("Awa Diallo", "Tom Petit"),
    )  # fmt: skip
    acts = {acting.KEY: str(amina.person_id)}
    world.sessions["representative"] = _session(jeanne, acts | {acting.HELPS: False})
    world.sessions["caregiver"] = _session(lina, acts | {acting.HELPS: True})
    fatou = desks.fatou()
    helping = fatou.helps(amina, sorted(SCOPES))
    world.ids["assistance_id"] = helping.session_id
    world.sessions["assistant"] = _session(fatou, {beside.KEY: f"{amina.person_id}|{helping.session_id}"})
    waiting = desks.fatou()
    asked = waiting.asks(amina)
    world.sessions["desk"] = _session(waiting, {beside.KEY: f"{amina.person_id}|{asked.session_id}"})


def _papers(world: World) -> None:
    amina = world.amina
    filed = fhir_client.call("POST", "/", token=world.hospital.token, body=fhir_client.submission(amina)).json
    for kind, name in (("List", "submission_id"), ("DocumentReference", "document_id")):
        [logical_id] = {found[1] for found in LOCATION.finditer(json.dumps(filed)) if found[0].startswith(kind)}
        world.ids[name] = logical_ids.decode(logical_id)[1]
    paper = logical_ids.encode(amina.person_id, world.ids["document_id"])
    world.resource = fhir_client.call("GET", f"/DocumentReference/{paper}", token=world.hospital.token).json
    with as_the_worker():
        world.ids["copy_id"] = documents.ask_copy(actor=amina.actor, person_id=amina.person_id, language="fr")
        while export_space.make_due():
            pass


def _desk(world: World, agent_id: UUID) -> None:
    amina = world.amina
    world.ids["ticket_id"] = desk.send_ticket(
        actor=amina.actor, person_id=amina.person_id, topic="sign_in", text="The code does not come.", files=[PAPER]
    )
    [paper] = reading.my_ticket(actor=amina.actor, person_id=amina.person_id, ticket_id=world.ids["ticket_id"]).files
    world.ids["file_id"] = paper.id
    with transaction.atomic():
        world.ids["act_id"] = desk.propose(
            actor=support.named(_agent_actor(agent_id)), person_id=amina.person_id, kind="death",
            details={"paper": "acte 12/2026"},
        )  # fmt: skip


def _invite(world: World, other: people.Holder) -> None:
    """Amina asks Paul to help her, and to act for her child too: he is asked, and has said nothing yet."""
    terms = Terms(frozenset({"BIOLOGIE"}), frozenset(), clock.today() + timedelta(days=30))
    amina = world.amina
    access.ask_help(actor=amina.actor, person_id=amina.person_id, wanted=other.as_wanted(), terms=terms)
    traits = other.traits
    named = access.Named(other.ins.matricule, traits.birth_name, traits.first_names[:1], traits.born_on)
    mother = replace(amina.actor, kind="representative", person_id=world.child_id, own_person_id=amina.person_id)
    world.ids["invitation_id"] = access.invite_parent(actor=mother, child_id=world.child_id, named=named)
    with as_the_worker(), transaction.atomic():
        set_context(world.child_id)
        assert access.deliver(child_id=world.child_id, invitation_id=world.ids["invitation_id"]) == other.person_id


def _wave() -> int:
    made = Wave.objects.create(
        name=f"Wave {new_id().hex[:8]}", starts_on=clock.today(), state="running", made_at=clock.now()
    )
    return int(made.pk)


def _agent_actor(account_id: UUID) -> people.Actor:
    return people.Actor(kind="support", id=account_id, name="")


def _notice(world: World, doctor: people.Doctor) -> UUID:
    notices.tell_author(
        fact_id=new_id(), document_id=world.ids["document_id"], professional_id=doctor.id, institution_id=None
    )
    return told.author_notices(actor=doctor.actor)[0].id


def _tokens(world: World, doctor: people.Doctor, stranger: people.Doctor) -> None:
    world.tokens = {
        "author": world.hospital.token,
        "institution": people.rivemont().token,
        "tied": fhir_client.token_of(doctor),
        "stranger": fhir_client.token_of(stranger),
    }


def _operator() -> Any:
    login = f"operator.{new_id().hex[:12]}"
    accounts.create_account(login=login, password=people.PASSWORD, kind="operator")
    return login


def _session(person: Any, more: dict[str, Any] | None = None) -> str:
    """A session as the door makes it, its proof fresh; `more` is what pages put into it."""
    client = Client()
    begin_session(client, person)
    if more:
        store = client.session
        store.update(more)
        store.save()
    return str(client.cookies["session"].value)
