"""What a page asks again and again, remembered for moments: who acts, and the holder's name."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, Generic, TypeVar
from uuid import UUID

from healthspace.access import reads as access
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.people import reads as people
from healthspace.spaces.rules import Identity

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
MOST: Final = 5000


class Memory(Generic[K, V]):
    """Answers no older than `lasting`; bounded, for several threads."""

    def __init__(self, lasting: timedelta) -> None:
        self._lasting = lasting
        self._lock = Lock()
        self._known: dict[K, tuple[V, datetime]] = {}

    def get(self, key: K, find: Callable[[], V]) -> V:
        """The answer kept for this key, or a fresh one."""
        at = clock.now()
        with self._lock:
            found = self._known.get(key)
        if found is not None and timedelta() <= at - found[1] < self._lasting:
            return found[0]
        value = find()
        with self._lock:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[key] = (value, at)
        return value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._known.clear()


@dataclass(frozen=True, slots=True)
class Names:
    first: str
    full: str


NOBODY: Final = Names("", "")
# A session or account that is over leaves every process within 5 s (T09); a name may be a minute old.
ACTORS: Final[Memory[tuple[UUID, UUID | None, UUID], Actor | None]] = Memory(timedelta(seconds=5))
NAMES: Final[Memory[UUID, Names]] = Memory(timedelta(seconds=60))
CHILDREN: Final[Memory[tuple[UUID, UUID], Names]] = Memory(timedelta(seconds=60))


def actor(account_id: UUID, place_id: UUID | None, session_id: UUID) -> Actor | None:
    """Who acts in this session of this account at this place, a holder with their name; None once it is over."""
    return ACTORS.get((account_id, place_id, session_id), lambda: _actor(account_id, place_id, session_id))


def _actor(account_id: UUID, place_id: UUID | None, session_id: UUID) -> Actor | None:
    if not people.is_session_alive(session_id, account_id):
        return None
    found = people.actor_of_account(account_id, institution_id=place_id)
    if found is None or found.kind != "holder":
        return found
    return replace(found, name=of_holder(found).full, is_restricted=people.is_restricted(account_id))


def of_holder(holder: Actor) -> Names:
    """First and full name of the holder who acts; empty when the space is closed."""
    if holder.person_id is None:
        return NOBODY
    person_id = holder.person_id
    return NAMES.get(person_id, lambda: _names(holder, person_id))


def acting(holder: Actor, child_id: UUID) -> Actor:
    """This holder acting for a child; the gate finds at each act whether they may (CHI-6)."""
    return replace(holder, kind="representative", person_id=child_id, own_person_id=holder.person_id)


def own(actor: Actor) -> Actor:
    """The holder behind whoever acts for a child; a holder is that already."""
    if actor.kind != "representative":
        return actor
    return replace(actor, kind="holder", person_id=actor.own_person_id, own_person_id=None)


def of_record(actor: Actor) -> Names:
    """First and full name of whose record is shown: the holder's own, or the child's."""
    if actor.kind != "representative" or actor.person_id is None or actor.own_person_id is None:
        return of_holder(actor) if actor.kind == "holder" else NOBODY
    child_id = actor.person_id
    return CHILDREN.get((actor.own_person_id, child_id), lambda: _of_child(own(actor), child_id))


def still_acts(actor: Actor) -> bool:
    """True while the mandate runs and the child's space is open; leaves no line anywhere."""
    return actor.person_id is not None and _of_child(own(actor), actor.person_id) != NOBODY


def _of_child(holder: Actor, child_id: UUID) -> Names:
    try:
        found = access.charges(actor=holder)
    except Refused:
        return NOBODY
    return next((_spoken(charge.identity) for charge in found if charge.person_id == child_id), NOBODY)


def _names(holder: Actor, person_id: UUID) -> Names:
    try:
        identity = access.identity(actor=holder, person_id=person_id)
    except Refused:
        return NOBODY
    return _spoken(identity)


def _spoken(identity: Identity) -> Names:
    first = identity.used_first_name or identity.traits.first_names[0].title()
    return Names(first, f"{first} {identity.used_name or identity.traits.birth_name.title()}")
