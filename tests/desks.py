"""A desk and the certified helper who sits at it; each call makes fresh ones."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from healthspace.access import actions as access
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.people import actions as people_actions
from healthspace.people import reads as people_reads
from tests import people
from tests.people import Holder


@dataclass(frozen=True, slots=True)
class Helper:
    """A certified helper of a desk, with an account."""

    actor: Actor
    login: str
    password: str
    account_id: UUID

    def beside(self, holder: Holder, assistance_id: UUID) -> Actor:
        """This helper in that session of help."""
        return replace(self.actor, person_id=holder.person_id, session_id=str(assistance_id))

    def asks(self, holder: Holder, **given: object) -> Actor:
        """A session asked for, agreed to by nobody yet."""
        given = {"by_person_id": holder.person_id, "proof": "card", "person_id": holder.person_id} | given
        return self.beside(holder, access.ask_assistance(actor=self.actor, **given))  # type: ignore[arg-type]

    def helps(self, holder: Holder, scope: Iterable[str] = ("emergency",)) -> Actor:
        """A running session with this scope, agreed to by the digits that the person alone got."""
        actor = self.asks(holder)
        access.choose_scope(actor=actor, person_id=holder.person_id, scope=tuple(scope), identity_paper="identity_card")
        digits = access.new_assistance_code(actor=actor, person_id=holder.person_id)
        assert access.start_by_code(actor=actor, person_id=holder.person_id, digits=digits)
        return actor


def fatou(*, days: int = 365) -> Helper:
    """Fatou Diallo of a France Services desk, certified for so many days."""
    desk = people.structure("France Services de Rivemont", "SA01", "")
    login = f"fatou.{secrets.token_hex(6)}"
    account = people_actions.create_account(
        login=login, password=people.PASSWORD, kind="assistant", institution_id=desk.id
    )
    access.certify(account_id=account.id, name="Fatou Diallo", until=clock.today() + timedelta(days=days))
    actor = replace(people_reads.actor_of(account), name="Fatou Diallo")
    return Helper(actor, login, people.PASSWORD, account.id)
