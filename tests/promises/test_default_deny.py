"""Closed by default: what no rule knows is refused (habits 13)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args
from uuid import uuid4

import pytest

from healthspace.access import gate, rules
from healthspace.access.guarded import Guarded
from healthspace.common.actor import ANONYMOUS, Actor, ActorKind
from healthspace.common.errors import HealthspaceError, Refused
from healthspace.documents import actions, reads
from healthspace.documents.reads import ListQuery
from tests import people
from tests.oracle import bridge, law, worlds
from tests.oracle.law import State

ITEM = bridge.item_of(State())
KINDS = get_args(ActorKind)
ALL_ASKS = {bridge.ASKS.get(ask, ask) for ask in law.ASKS}


def asker(**traits: Any) -> rules.Asker:
    """An asker with every power there is."""
    powers = bridge.asker_of(State(tie="explicit", attending=True))
    return replace(powers, **traits)


@pytest.mark.parametrize("role", ["", "admin", "Holder", "root", "holder ", "support", "anonymous", "app"])
@pytest.mark.parametrize("ask", sorted(ALL_ASKS))
def test_decide__unknown_role_is_refused(role: Any, ask: str) -> None:
    for item in (None, ITEM):
        assert not rules.decide(asker(role=role), ask, item).is_allowed


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ask", ["", "read", "OPEN", "open ", "everything", "drop", "see_all", "unlock"])
def test_decide__unknown_ask_is_refused(kind: Any, ask: str) -> None:
    for item in (None, ITEM):
        assert not rules.decide(asker(role=kind), ask, item).is_allowed


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "system"])
@pytest.mark.parametrize("status", ["", "CURRENT", "draft", "unknown"])
@pytest.mark.parametrize("ask", ["see", "open", "mask", "rename", "delete", "replace"])
def test_decide__unknown_status_is_refused(kind: Any, status: Any, ask: str) -> None:
    assert isinstance(ITEM, Guarded)
    item = replace(ITEM, status=status)
    assert not rules.decide(asker(role=kind), ask, item).is_allowed


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ask", worlds.ITEM_ASKS)
def test_decide__an_ask_about_a_document_without_one_is_refused(kind: Any, ask: str) -> None:
    assert not rules.decide(asker(role=kind), bridge.ASKS.get(ask, ask), None).is_allowed


@pytest.mark.parametrize("state", ["", "open", "ACTIVE", "unknown", *sorted(set(law.SPACES) - law.OPEN_SPACES)])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "system"])
def test_decide__a_space_in_no_open_state_is_closed(state: str, kind: Any) -> None:
    for ask in ALL_ASKS:
        for item in (None, ITEM):
            assert not rules.decide(asker(role=kind, space_state=state), ask, item).is_allowed


@pytest.mark.parametrize("mode", ["", "NORMAL", "override", "emergency"])
def test_decide__unknown_mode_opens_nothing(mode: Any) -> None:
    who = asker(role="professional", mode=mode, is_attending=False)
    assert not rules.decide(who, "open", ITEM).is_allowed


def test_decide__a_type_nobody_knows_is_closed_to_professionals() -> None:
    assert isinstance(ITEM, Guarded)
    who = asker(role="professional", is_attending=False)
    assert not rules.decide(who, "open", replace(ITEM, type_code="99999-9")).is_allowed


def test_decide__an_author_of_no_known_kind_is_no_author() -> None:
    assert isinstance(ITEM, Guarded)
    stranger: Any = "stranger"
    item = replace(ITEM, author_kind=stranger, author_professional_id=bridge.ME)
    who = asker(role="professional", is_attending=False, is_authorised=False)
    assert not rules.decide(who, "open", item).is_allowed


@pytest.mark.parametrize("kind", ["support", "app", "anonymous", "nobody"])
def test_reads__a_kind_without_a_rule_gets_nothing(kind: Any) -> None:
    amina = people.amina()
    actor: Actor = replace(ANONYMOUS, kind=kind, person_id=amina.person_id)
    with pytest.raises(Refused):
        reads.list_documents(actor=actor, person_id=amina.person_id, query=ListQuery())
    with pytest.raises(Refused):
        actions.create_folder(actor=actor, person_id=amina.person_id, name="Genou")


def test_gate__a_person_without_a_space_is_nobody_s() -> None:
    amina = people.amina()
    with pytest.raises(HealthspaceError):
        reads.list_documents(actor=amina.actor, person_id=uuid4(), query=ListQuery())


def test_gate__an_unknown_kind_sees_no_row_even_when_asked_for_all() -> None:
    """The condition for lists is closed for whoever it does not know."""
    who = asker(role="nobody")
    standing = gate.Standing(ANONYMOUS, uuid4(), who)
    assert gate.visible(standing)[0] == "false"
    assert gate.level(standing) == "none"
