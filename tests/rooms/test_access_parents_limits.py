"""How many parents are asked and act: limits that hold when many ask in the same moment (CHI-2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from healthspace.access import actions, reads
from healthspace.common.errors import Conflict, Invalid
from healthspace.support import actions as desk
from healthspace.support import rules as desk_rules
from tests import people
from tests.rooms.test_access_mandates import may_read
from tests.rooms.test_access_parents import VERSION, delivered, named


def at_once(acts: Sequence[Callable[[], object]]) -> int:
    """How many of these acts, begun together, succeed."""

    def run(act: Callable[[], object]) -> bool:
        try:
            act()
        except (Conflict, Invalid):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return sum(pool.map(run, acts))


def test_invite__eight_at_once_are_three() -> None:
    """Seen failing before: eight waited."""
    jeanne, leo = people.jeanne(), people.leo()
    mother = jeanne.representing(leo)
    wanted = [named(people.paul()) for _ in range(8)]
    ask = [partial(actions.invite_parent, actor=mother, child_id=leo.person_id, named=one) for one in wanted]
    assert at_once(ask) == 3
    assert len(reads.invitations_for(actor=mother, child_id=leo.person_id)) == 3


def test_question__twenty_at_once_are_ten() -> None:
    """Seen failing before: more than ten were open."""
    amina = people.amina()
    own = {"actor": amina.actor, "person_id": amina.person_id}
    ask = [partial(desk.send_ticket, **own, topic="sign_in", text="A question.") for _ in range(20)]  # type: ignore[arg-type]
    assert at_once(ask) == desk_rules.MOST_OPEN


def test_accept__three_at_once_and_one_place() -> None:
    """Seen failing before: one parent made three others parents, each with every right."""
    jeanne, leo = people.jeanne(), people.leo()
    mother, others = jeanne.representing(leo), [people.paul() for _ in range(3)]
    for other in others:
        actions.invite_parent(actor=mother, child_id=leo.person_id, named=named(other))
    delivered()
    accept = []
    for other in others:
        (card,) = reads.invitations_to(actor=other.actor)
        accept.append(
            partial(actions.accept_invitation, actor=other.actor, invitation_id=card.id, statement_version=VERSION)
        )
    assert at_once(accept) == 1
    assert sum(may_read(other.claiming(leo), leo) for other in others) == 1
    with pytest.raises(Invalid):
        actions.invite_parent(actor=mother, child_id=leo.person_id, named=named(people.paul()))
    actions.renounce(actor=jeanne.actor, child_id=leo.person_id)
    (second,) = [other for other in others if may_read(other.claiming(leo), leo)]
    actions.invite_parent(actor=second.claiming(leo), child_id=leo.person_id, named=named(people.paul()))
