"""Two agents or nothing; and one agent unlocks only so much (T12, T26)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection, transaction

from healthspace.audit import reads as audit
from healthspace.common import clock
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.people import actions as accounts
from healthspace.schema.context import set_context
from healthspace.support import actions as desk
from healthspace.support import reads
from healthspace.support.reads import ActCard
from tests import people
from tests.people import PASSWORD, Holder
from tests.rooms.ledger import opened_by


def agent(name: str = "Inès Faure") -> Actor:
    return Actor(kind="support", id=uuid4(), name=name)


def test_act__each_kind_has_its_executor() -> None:
    from healthspace.journeys.two_agents import EXECUTORS
    from healthspace.support.rules import KINDS

    assert set(EXECUTORS) == KINDS


class Done:
    """What an execution was told."""

    def __init__(self) -> None:
        self.acts: list[ActCard] = []

    def __call__(self, actor: Actor, act: ActCard) -> None:
        self.acts.append(act)


def proposed(holder: Holder, by: Actor, kind: str = "death") -> UUID:
    return desk.propose(actor=by, person_id=holder.person_id, kind=kind, details={"paper": "acte 12/2026"})


def told(person_id: UUID) -> list[tuple[str, str, dict[str, str]]]:
    with transaction.atomic():
        set_context(person_id)
        found = audit.journal(person_id=person_id, unseal=opened_by(person_id))
    return [(one.kind, one.actor_name, dict(one.details)) for one in reversed(found)]


def test_act__is_done_by_the_second_agent_and_names_both() -> None:
    amina, ines, omar, done = people.amina(), agent(), agent("Omar Diallo"), Done()
    act_id = proposed(amina, ines)
    assert not done.acts
    desk.agree(actor=omar, person_id=amina.person_id, act_id=act_id, execute=done)
    [act] = done.acts
    assert (act.kind, act.proposed_name, act.details) == ("death", "Inès Faure", {"paper": "acte 12/2026"})
    assert told(amina.person_id)[-2:] == [
        ("act_proposed", "Inès Faure", {"act": "death"}),
        ("act_agreed", "Omar Diallo", {"act": "death", "first": "Inès Faure"}),
    ]


def test_act__the_first_agent_cannot_be_the_second() -> None:
    amina, ines, done = people.amina(), agent(), Done()
    act_id = proposed(amina, ines)
    for other_name in (ines, Actor(kind="support", id=ines.id, name="Somebody else")):
        with pytest.raises(Refused):
            desk.agree(actor=other_name, person_id=amina.person_id, act_id=act_id, execute=done)
        with pytest.raises(Refused):
            desk.turn_down(actor=other_name, person_id=amina.person_id, act_id=act_id)
    assert not done.acts


def test_act__the_database_itself_refuses_one_agent_as_both() -> None:
    amina, ines = people.amina(), agent()
    act_id = proposed(amina, ines)
    with pytest.raises(Exception, match="support_joint_act_two"), transaction.atomic():
        set_context(amina.person_id)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE support_joint_act SET decided_by = proposed_by WHERE id = %s", [act_id])


@pytest.mark.parametrize("who", ["holder", "stranger", "doctor", "operator", "system"])
def test_act__anybody_but_an_agent_is_refused(who: str) -> None:
    amina, done = people.amina(), Done()
    actor = {
        "holder": amina.actor,
        "stranger": people.paul().actor,
        "doctor": people.dr_nguyen().actor,
        "operator": Actor(kind="operator", id=uuid4(), name="O"),
        "system": SYSTEM,
    }[who]
    act_id = proposed(amina, agent())
    with pytest.raises(Refused):
        proposed(amina, actor, "merge")
    with pytest.raises(Refused):
        desk.agree(actor=actor, person_id=amina.person_id, act_id=act_id, execute=done)
    with pytest.raises(Refused):
        desk.turn_down(actor=actor, person_id=amina.person_id, act_id=act_id)
    assert not done.acts


def test_act__what_fails_leaves_it_proposed() -> None:
    amina, done = people.amina(), Done()
    act_id = proposed(amina, agent())

    def fails(actor: Actor, act: ActCard) -> None:
        raise Conflict("not now")

    with pytest.raises(Conflict):
        desk.agree(actor=agent(), person_id=amina.person_id, act_id=act_id, execute=fails)
    assert told(amina.person_id)[-1][0] == "act_proposed"
    desk.agree(actor=agent(), person_id=amina.person_id, act_id=act_id, execute=done)
    assert done.acts


def test_act__is_decided_once_however_many_agree_at_once() -> None:
    amina, done = people.amina(), Done()
    act_id = proposed(amina, agent())

    def one(_number: int) -> bool:
        try:
            desk.agree(actor=agent(), person_id=amina.person_id, act_id=act_id, execute=done)
        except Conflict:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(16))) == 1
    assert len(done.acts) == 1


def test_act__is_too_old_after_two_weeks_and_can_be_proposed_anew() -> None:
    amina, done = people.amina(), Done()
    act_id = proposed(amina, agent())
    with pytest.raises(Conflict):
        proposed(amina, agent())
    with time_machine.travel(clock.now() + timedelta(days=14, seconds=1), tick=False):
        with pytest.raises(Conflict):
            desk.agree(actor=agent(), person_id=amina.person_id, act_id=act_id, execute=done)
        proposed(amina, agent())
    assert not done.acts


def test_act__unknown_kinds_and_long_texts_are_told() -> None:
    amina = people.amina()
    with pytest.raises(Invalid):
        proposed(amina, agent(), "closing")
    with pytest.raises(Invalid):
        desk.propose(actor=agent(), person_id=amina.person_id, kind="death", details={"paper": "x" * 301})


def test_unlock__lets_try_again_and_still_asks_for_the_password() -> None:
    amina, ines = people.amina(), agent()
    for _ in range(6):
        accounts.authenticate(amina.login, "wrong wrong wrong")
    assert accounts.authenticate(amina.login, PASSWORD).wait_seconds > 0
    desk.unlock(actor=ines, person_id=amina.person_id, reason="forgot")
    assert accounts.authenticate(amina.login, "wrong wrong wrong").account is None
    assert accounts.authenticate(amina.login, PASSWORD).account is not None
    assert ("tries_forgiven", "Inès Faure", {"reason": "forgot"}) in told(amina.person_id)


def test_unlock__has_a_quota_a_day_for_each_agent() -> None:
    ines, amina = agent(), people.amina()
    with time_machine.travel(clock.now().replace(hour=9), tick=False):
        for _ in range(20):
            desk.unlock(actor=ines, person_id=amina.person_id, reason="forgot")
        with pytest.raises(desk.TooMany):
            desk.unlock(actor=ines, person_id=amina.person_id, reason="forgot")
        desk.unlock(actor=agent(), person_id=amina.person_id, reason="forgot")
    with time_machine.travel(clock.now().replace(hour=9) + timedelta(days=1), tick=False):
        desk.unlock(actor=ines, person_id=amina.person_id, reason="forgot")


@pytest.mark.parametrize("who", ["holder", "stranger", "operator", "system"])
def test_unlock__anybody_but_an_agent_is_refused(who: str) -> None:
    amina = people.amina()
    actor = {
        "holder": amina.actor,
        "stranger": people.paul().actor,
        "operator": Actor(kind="operator", id=uuid4(), name="O"),
        "system": SYSTEM,
    }[who]
    with pytest.raises(Refused):
        desk.unlock(actor=actor, person_id=amina.person_id, reason="forgot")


def test_unlock__without_a_reason_or_an_account_is_told() -> None:
    with pytest.raises(Invalid):
        desk.unlock(actor=agent(), person_id=people.amina().person_id, reason="because")
    with pytest.raises(Refused):
        desk.unlock(actor=agent(), person_id=uuid4(), reason="forgot")


def test_agent__has_the_name_the_installation_gave() -> None:
    account_id = uuid4()
    nameless = Actor(kind="support", id=account_id, name="")
    assert reads.named(nameless).name == f"agent {account_id.hex[:8]}"
    desk.name_agent(actor=SYSTEM, account_id=account_id, name=" Inès  Faure ")
    assert reads.named(nameless).name == "Inès Faure"
    with pytest.raises(Refused):
        desk.name_agent(actor=agent(), account_id=account_id, name="Somebody else")


def test_demo__has_two_agents_with_names() -> None:
    from healthspace.demo import desk as demo
    from healthspace.people import reads as people_reads

    for _ in range(2):
        demo.settle(PASSWORD)
    for login, name in demo.AGENTS.items():
        account = people_reads.account_by_login(login)
        assert account is not None and reads.agent_name(account.id) == name
