"""The second parent: named by the first, found by the worker alone, answers in their own space (CHI-2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection

from healthspace.access import actions, reads
from healthspace.access.actions import Named
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import HealthspaceError, Invalid, Refused
from healthspace.notifications import reads as notices
from healthspace.outbox import dispatcher
from healthspace.spaces import actions as spaces
from tests import people
from tests.roles import as_the_worker
from tests.rooms.test_access_mandates import kinds, may_read

VERSION = reads.statement("fr").version


def named(person: people.Holder, **other: object) -> Named:
    traits = person.traits
    values: dict[str, object] = {
        "matricule": person.ins.matricule,
        "birth_name": traits.birth_name,
        "first_names": traits.first_names[:1],
        "born_on": traits.born_on,
    }
    return Named(**{**values, **other})  # type: ignore[arg-type]


def delivered() -> None:
    """The worker tells what waits."""
    with as_the_worker():
        for _ in range(4):
            dispatcher.run_once(500)


def invited(mother: people.Holder, child: people.Holder, father: people.Holder) -> UUID:
    found = actions.invite_parent(actor=mother.representing(child), child_id=child.person_id, named=named(father))
    delivered()
    return found


def told(holder: people.Holder) -> list[str]:
    return [one.kind for one in notices.notices(actor=holder.actor, person_id=holder.person_id)]


def waits(holder: people.Holder) -> int:
    """How many facts of this person are not told."""
    from django.db import transaction

    from healthspace.outbox.models import WaitingFact
    from healthspace.schema.context import set_context

    with transaction.atomic():
        set_context(holder.person_id)
        return WaitingFact.objects.filter(person_id=holder.person_id, done_at=None).count()


def test_accept__the_second_parent_acts_like_the_first() -> None:
    jeanne, marc, leo = people.jeanne(), people.paul(), people.leo()
    invitation_id = invited(jeanne, leo, marc)
    assert not may_read(marc.claiming(leo), leo)
    (card,) = reads.invitations_to(actor=marc.actor)
    assert (card.id, card.name, card.by) == (invitation_id, leo.identity.name, jeanne.identity.name)
    assert "parent_invited" in told(marc)
    assert not waits(leo), "a fact whose telling moved to another person's context was never marked as told"
    actions.accept_invitation(actor=marc.actor, invitation_id=invitation_id, statement_version=VERSION)
    assert may_read(marc.claiming(leo), leo)
    assert may_read(jeanne.claiming(leo), leo)
    assert [charge.person_id for charge in reads.charges(actor=marc.actor)] == [leo.person_id]
    names = {one.name for one in reads.representatives(actor=marc.claiming(leo), person_id=leo.person_id)}
    assert names == {jeanne.identity.name, marc.identity.name}
    assert {"parent_invited", "invitation_accepted", "statement_made"} <= set(kinds(leo))
    assert "mandate_given" in kinds(marc)
    delivered()
    assert "parent_answered" in told(jeanne)
    (answered,) = reads.invitations_for(actor=jeanne.claiming(leo), child_id=leo.person_id)
    assert answered.state == "accepted"


def test_accept__keeps_the_version_of_the_statement() -> None:
    jeanne, marc, leo = people.jeanne(), people.paul(), people.leo()
    invitation_id = invited(jeanne, leo, marc)
    for version in ("", "2019-01"):
        with pytest.raises(Invalid):
            actions.accept_invitation(actor=marc.actor, invitation_id=invitation_id, statement_version=version)
    assert not may_read(marc.claiming(leo), leo)
    actions.accept_invitation(actor=marc.actor, invitation_id=invitation_id, statement_version=VERSION)
    from healthspace.documents import reads as documents

    lines = documents.journal(actor=leo.actor, person_id=leo.person_id, is_act=False)
    (line,) = [one for one in lines if one.kind == "statement_made"]
    assert (line.details["version"], line.actor_name) == (VERSION, marc.identity.name)


def test_accept__stranger_late_and_twice_are_refused() -> None:
    jeanne, marc, paul, leo = people.jeanne(), people.paul(), people.paul(), people.leo()
    invitation_id = invited(jeanne, leo, marc)
    for actor in (paul.actor, jeanne.actor, leo.actor, marc.claiming(leo), people.dr_nguyen().actor):
        with pytest.raises(Refused):
            actions.accept_invitation(actor=actor, invitation_id=invitation_id, statement_version=VERSION)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31), tick=False):
        with pytest.raises(Refused):
            actions.accept_invitation(actor=marc.actor, invitation_id=invitation_id, statement_version=VERSION)
        assert reads.invitations_to(actor=marc.actor) == ()
        (card,) = reads.invitations_for(actor=jeanne.claiming(leo), child_id=leo.person_id)
        assert card.state == "expired"
    actions.accept_invitation(actor=marc.actor, invitation_id=invitation_id, statement_version=VERSION)
    with pytest.raises(Refused):
        actions.accept_invitation(actor=marc.actor, invitation_id=invitation_id, statement_version=VERSION)


def test_accept__the_word_of_a_parent_who_is_none_any_more_opens_nothing() -> None:
    jeanne, marc, leo = people.jeanne(), people.paul(), people.leo()
    invitation_id = invited(jeanne, leo, marc)
    actions.end_mandate(
        actor=SYSTEM, person_id=leo.person_id, representative_id=jeanne.person_id, agents=("Awa Diallo", "Tom Petit")
    )
    with pytest.raises(Refused):
        actions.accept_invitation(actor=marc.actor, invitation_id=invitation_id, statement_version=VERSION)
    assert not may_read(marc.claiming(leo), leo)


def test_invite__only_a_parent() -> None:
    jeanne, marc, paul, leo = people.jeanne(), people.paul(), people.paul(), people.leo()
    jeanne.representing(leo)
    for actor in (paul.claiming(leo), paul.actor, leo.actor, jeanne.actor, people.dr_nguyen().actor):
        with pytest.raises(Refused):
            actions.invite_parent(actor=actor, child_id=leo.person_id, named=named(marc))
        with pytest.raises(Refused):
            reads.invitations_for(actor=actor, child_id=leo.person_id)


WRONG = {
    "unknown number": lambda person: named(
        people.paul(), matricule=people.new_ins(person.traits.born_on, "M", "38001").matricule
    ),
    "other name": lambda person: named(person, birth_name="DURAND"),
    "other first name": lambda person: named(person, first_names=("MARCEL",)),
    "other birth date": lambda person: named(person, born_on=person.traits.born_on - timedelta(days=1)),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_invite__who_does_not_fit_looks_like_who_does_not_answer(wrong: str) -> None:
    """The same answer, statements, lines and cards; and nothing reaches whoever was nearly named."""
    seen = []
    for kind in ("right", wrong):
        jeanne, marc, leo = people.jeanne(), people.paul(), people.leo()
        mother = jeanne.representing(leo)
        whom = named(marc) if kind == "right" else WRONG[wrong](marc)
        sent: list[str] = []
        with connection.execute_wrapper(_counting(sent)):
            invitation_id = actions.invite_parent(actor=mother, child_id=leo.person_id, named=whom)
        delivered()
        (card,) = reads.invitations_for(actor=mother, child_id=leo.person_id)
        assert card.id == invitation_id
        seen.append(
            (len(sent), card.state, card.expires_at - card.made_at, [k for k in kinds(leo) if k != "journal_read"])
        )
        assert bool(reads.invitations_to(actor=marc.actor)) == (kind == "right")
    assert seen[0] == seen[1]


def _counting(sent: list[str]):  # type: ignore[no-untyped-def]
    def wrapper(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        sent.append(sql)
        return execute(sql, params, many, context)

    return wrapper


def test_invite__child_closed_space_and_oneself_get_nothing() -> None:
    jeanne, leo, other, gone = people.jeanne(), people.leo(), people.leo(), people.paul()
    spaces.close(actor=gone.actor, person_id=gone.person_id)
    mother = jeanne.representing(leo)
    for whom in (leo, other, jeanne):
        actions.invite_parent(actor=mother, child_id=leo.person_id, named=named(whom))
        delivered()
        assert reads.invitations_to(actor=whom.actor) == ()
        (newest, *_) = reads.invitations_for(actor=mother, child_id=leo.person_id)
        actions.withdraw_invitation(actor=mother, child_id=leo.person_id, invitation_id=newest.id)
    actions.invite_parent(actor=mother, child_id=leo.person_id, named=named(gone))
    delivered()


def test_invite__the_number_is_forgotten_once_looked_for() -> None:
    from healthspace.access.models import Invitation
    from healthspace.schema.context import set_context
    from healthspace.vault import reads as vault

    jeanne, marc, leo = people.jeanne(), people.paul(), people.leo()
    invitation_id = invited(jeanne, leo, marc)
    from django.db import transaction

    with transaction.atomic():
        set_context(leo.person_id)
        row = Invitation.objects.get(person_id=leo.person_id, id=invitation_id)
        plain = vault.sealer(leo.person_id).unseal(bytes(row.sealed), item=invitation_id, part="invitation:1")
    assert marc.ins.matricule.encode() not in plain
    assert b"born_on" not in plain


def test_invite__not_more_than_three_wait() -> None:
    jeanne, leo = people.jeanne(), people.leo()
    mother = jeanne.representing(leo)
    for _ in range(3):
        actions.invite_parent(actor=mother, child_id=leo.person_id, named=named(people.paul()))
    with pytest.raises(Invalid):
        actions.invite_parent(actor=mother, child_id=leo.person_id, named=named(people.paul()))


def test_refuse_and_withdraw__open_nothing() -> None:
    jeanne, marc, leo = people.jeanne(), people.paul(), people.leo()
    invitation_id = invited(jeanne, leo, marc)
    actions.refuse_invitation(actor=marc.actor, invitation_id=invitation_id)
    assert "invitation_refused" in kinds(leo)
    other = invited(jeanne, leo, marc)
    actions.withdraw_invitation(actor=jeanne.claiming(leo), child_id=leo.person_id, invitation_id=other)
    assert reads.invitations_to(actor=marc.actor) == ()
    for one in (invitation_id, other, uuid4()):
        for act in (
            lambda one=one: actions.accept_invitation(actor=marc.actor, invitation_id=one, statement_version=VERSION),
            lambda one=one: actions.refuse_invitation(actor=marc.actor, invitation_id=one),
            lambda one=one: actions.withdraw_invitation(
                actor=jeanne.claiming(leo), child_id=leo.person_id, invitation_id=one
            ),
        ):
            with pytest.raises(HealthspaceError):
                act()
    assert not may_read(marc.claiming(leo), leo)


def test_withdraw__stranger_is_refused() -> None:
    jeanne, marc, paul, leo = people.jeanne(), people.paul(), people.paul(), people.leo()
    invitation_id = invited(jeanne, leo, marc)
    for actor in (paul.claiming(leo), marc.claiming(leo), paul.actor):
        with pytest.raises(Refused):
            actions.withdraw_invitation(actor=actor, child_id=leo.person_id, invitation_id=invitation_id)
    assert len(reads.invitations_to(actor=marc.actor)) == 1


def test_certify__only_who_acts() -> None:
    jeanne, paul, leo = people.jeanne(), people.paul(), people.leo()
    actions.certify_representation(actor=jeanne.representing(leo), child_id=leo.person_id, statement_version=VERSION)
    for actor in (paul.claiming(leo), jeanne.actor, leo.actor):
        with pytest.raises(Refused):
            actions.certify_representation(actor=actor, child_id=leo.person_id, statement_version=VERSION)
    assert kinds(leo).count("statement_made") == 1
