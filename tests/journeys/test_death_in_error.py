"""A death recorded in error is taken back by two agents: the record, its key and the sign-in come back (T26)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import translation

from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.documents import reads
from healthspace.documents.reads import ListQuery
from healthspace.journeys import reopen
from healthspace.ops.commands import correct_death
from healthspace.ops.faults import CannotRun
from healthspace.people import actions as accounts
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as lives
from healthspace.spaces import rules
from tests import people
from tests.doors import desk_pages
from tests.factories import enrollees
from tests.journeys.test_lifecycle import World, cards, world
from tests.roles import as_the_worker

__all__ = ["world"]
AGENTS = ("Rose Martin", "Hugo Petit")


def give_back(world: World) -> None:
    spaces.correct_death(actor=SYSTEM, person_id=world.amina.person_id, agents=AGENTS)
    spaces.correct_death(actor=SYSTEM, person_id=world.amina.person_id, agents=AGENTS)
    with as_the_worker():
        assert reopen.reopen_asked() >= 1  # those of other tests may wait too


def test_correct_death__everything_is_there_again_and_both_agents_are_named(world: World) -> None:
    before = cards(world)
    spaces.note_death(actor=SYSTEM, person_id=world.amina.person_id)
    give_back(world)
    life = world.state()
    assert (life.state, life.closed_at, life.archive_until, life.due_at) == ("active", None, None, None)
    assert cards(world) == before
    assert accounts.authenticate(world.amina.login, world.amina.password).account is not None
    (line,) = [one for one in reads.journal(**world.own, is_act=False) if one.kind == "death_corrected"]
    assert all(name in line.sentence for name in AGENTS)
    spaces.note_death(actor=SYSTEM, person_id=world.amina.person_id)  # one day it is true
    assert world.state().state == "closed_deceased"


@pytest.mark.parametrize(("first", "after"), [("close", "closed"), ("deletion", "deletion_requested")])
def test_correct_death__what_was_closed_before_stays_closed(world: World, first: str, after: str) -> None:
    spaces.close(**world.own, wants_deletion=first == "deletion")
    was = world.state()
    spaces.note_death(actor=SYSTEM, person_id=world.amina.person_id)
    give_back(world)
    assert world.state() == was
    assert was.state == after
    with pytest.raises(Refused):
        reads.list_documents(**world.own, query=ListQuery())


def test_correct_death__of_a_suspended_space_suspends_it_again(world: World) -> None:
    spaces.suspend(actor=SYSTEM, person_id=world.amina.person_id)
    was = world.state()
    spaces.note_death(actor=SYSTEM, person_id=world.amina.person_id)
    give_back(world)
    assert world.state() == was


def test_correct_death__two_different_agents_and_a_recorded_death(world: World) -> None:
    person_id = world.amina.person_id
    with pytest.raises(Conflict):
        spaces.correct_death(actor=SYSTEM, person_id=person_id, agents=AGENTS)
    spaces.note_death(actor=SYSTEM, person_id=person_id)
    for agents in (("Rose Martin", " rose  MARTIN "), ("Rose Martin", " ")):
        with pytest.raises(Invalid):
            spaces.correct_death(actor=SYSTEM, person_id=person_id, agents=agents)
    for actor in (world.amina.actor, people.paul().actor, world.doctor.actor, world.hospital.actor):
        with pytest.raises(Refused):
            spaces.correct_death(actor=actor, person_id=person_id, agents=AGENTS)
    assert not world.state().is_reopening


@pytest.mark.parametrize(("first", "after"), [("informed", "not_informed"), ("opposed", "opposed")])
def test_correct_death__of_a_space_never_opened_opens_nothing(first: str, after: str) -> None:
    told = enrollees.adult(state="informed")
    if first == "opposed":
        spaces.oppose(actor=SYSTEM, person_id=told.person_id)
    spaces.note_death(actor=SYSTEM, person_id=told.person_id)
    spaces.correct_death(actor=SYSTEM, person_id=told.person_id, agents=AGENTS)
    with as_the_worker():
        assert reopen.reopen_asked() >= 1  # those of other tests may wait too
    found = enrollees.space(told.person_id)
    assert found.state == after
    with transaction.atomic():
        set_context(told.person_id)
        assert lives.identity(told.person_id).email == told.identity.email


def test_correct_death__is_told_in_french_too(world: World) -> None:
    spaces.note_death(actor=SYSTEM, person_id=world.amina.person_id)
    give_back(world)
    with translation.override("fr"):
        (line,) = [one for one in reads.journal(**world.own, is_act=False) if one.kind == "death_corrected"]
        assert line.sentence.startswith("Votre décès avait été noté par erreur\u00a0: Rose Martin et Hugo Petit")


def test_given_back__nobody_is_opened_by_a_letter_of_before() -> None:
    assert rules.given_back("closed_deceased", "informed") == "not_informed"
    for state, former in (("active", "active"), ("closed_deceased", ""), ("closed_deceased", "deleted")):
        with pytest.raises(Conflict):
            rules.given_back(state, former)


def test_death__an_agent_alone_is_refused_and_two_are_named_in_the_line(world: World) -> None:
    person_id = world.amina.person_id
    lone = Actor(kind="support", id=uuid4(), name="Rose Martin")
    for agents in (None, AGENTS):
        with pytest.raises(Refused):
            spaces.note_death(actor=lone, person_id=person_id, agents=agents)
    with pytest.raises(Invalid):
        spaces.note_death(actor=SYSTEM, person_id=person_id, agents=("Rose Martin", " rose  MARTIN "))
    assert world.state().state == "active"
    spaces.note_death(actor=SYSTEM, person_id=person_id, agents=AGENTS)
    with pytest.raises(Refused):
        spaces.correct_death(actor=lone, person_id=person_id, agents=AGENTS)
    give_back(world)
    (line,) = [one for one in reads.journal(**world.own, is_act=False) if one.kind == "holder_died"]
    assert all(name in line.sentence for name in AGENTS)


def test_command__two_agents_of_the_desk(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    person = str(world.amina.person_id)
    first, second = (desk_pages.agent(name).login for name in AGENTS)
    with pytest.raises(CannotRun, match="no agent"):
        correct_death.main([person, "--agents", *AGENTS])
    with pytest.raises(CannotRun, match="no agent"):
        correct_death.main([person, "--agents", first, world.amina.login])
    with pytest.raises(CannotRun):
        correct_death.main([person, "--agents", first, second])
    spaces.note_death(actor=SYSTEM, person_id=world.amina.person_id)
    with pytest.raises(CannotRun):
        correct_death.main([person, "--agents", first, first])
    assert correct_death.main([person, "--agents", first, second]) == 0
    assert "worker" in capsys.readouterr().out
    assert world.state().is_reopening
