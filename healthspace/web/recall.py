"""What a page asks again and again, remembered for moments: who acts, and the holder's name."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Final, Generic, TypeVar
from uuid import UUID

from healthspace.access import reads as access
from healthspace.access.rules import LAW_ZONE, years_old
from healthspace.common import clock
from healthspace.common.actor import Actor, ActorKind
from healthspace.common.errors import Refused
from healthspace.people import reads as people
from healthspace.spaces.rules import Identity
from healthspace.support import reads as support

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

    def forget(self, key: K | None) -> None:
        """Forget one answer."""
        with self._lock:
            self._known.pop(key, None)  # type: ignore[arg-type]  # no answer is kept for nobody

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
# Who acts for nobody is remembered for a minute; who does is asked again for each page, so nobody stays too long.
ALONE: Final[Memory[UUID, bool]] = Memory(timedelta(seconds=60))
HELPER: Final = "caregiver"


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody whose record this session may show: `kind` is that of the mandate, or "caregiver"."""

    person_id: UUID
    names: Names
    kind: str
    last_day: date
    age: int | None = None

    @property
    def full(self) -> str:
        return self.names.full

    @property
    def is_child(self) -> bool:
        return self.kind == "parent"

    @property
    def is_helped(self) -> bool:
        return self.kind == HELPER


def actor(account_id: UUID, place_id: UUID | None, session_id: UUID) -> Actor | None:
    """Who acts in this session of this account at this place, a holder with their name; None once it is over."""
    return ACTORS.get((account_id, place_id, session_id), lambda: _actor(account_id, place_id, session_id))


def _actor(account_id: UUID, place_id: UUID | None, session_id: UUID) -> Actor | None:
    if not people.is_session_alive(session_id, account_id):
        return None
    found = people.actor_of_account(account_id, institution_id=place_id)
    if found is not None and found.kind == "support":
        return support.named(found)
    if found is not None and found.kind == "assistant":
        return replace(found, name=access.certified_name(account_id))
    if found is None or found.kind != "holder":
        return found
    return replace(found, name=of_holder(found).full, is_restricted=people.is_restricted(account_id))


def of_holder(holder: Actor) -> Names:
    """First and full name of the holder who acts; empty when the space is closed."""
    if holder.person_id is None:
        return NOBODY
    person_id = holder.person_id
    return NAMES.get(person_id, lambda: _names(holder, person_id))


def acting(holder: Actor, person_id: UUID, *, helps: bool = False) -> Actor:
    """This holder acting for another person; the gate finds at each act whether they may (CHI-6)."""
    kind: ActorKind = "caregiver" if helps else "representative"
    return replace(holder, kind=kind, person_id=person_id, own_person_id=holder.person_id)


def own(actor: Actor) -> Actor:
    """The holder behind whoever acts for somebody else; a holder is that already."""
    if actor.kind not in {"representative", "caregiver"}:
        return actor
    return replace(actor, kind="holder", person_id=actor.own_person_id, own_person_id=None)


def of_record(actor: Actor) -> Names:
    """First and full name of whose record is shown: the holder's own, or that of the person acted for."""
    if actor.kind not in {"representative", "caregiver"}:
        return of_holder(actor) if actor.kind == "holder" else NOBODY
    found = acted_for(actor)
    return found.names if found else NOBODY


def acted_for(actor: Actor, among: tuple[Other, ...] | None = None) -> Other | None:
    """The person for whom this session acts, as long as it may; leaves no line anywhere."""
    is_helper = actor.kind == "caregiver"
    found = (
        one
        for one in (family(actor) if among is None else among)
        if one.person_id == actor.person_id and one.is_helped == is_helper
    )
    return next(found, None)


def still_acts(actor: Actor) -> bool:
    """True while the mandate or the help runs and that space is open; leaves no line anywhere."""
    return acted_for(actor) is not None


def family(actor: Actor) -> tuple[Other, ...]:
    """Everybody whose record this holder may show now: children, protected adults, people they help."""
    holder = own(actor)
    if holder.kind != "holder" or holder.person_id is None or holder.is_restricted:
        return ()
    if actor.kind == "holder" and ALONE.get(holder.person_id, lambda: not _family(holder)):
        return ()
    return _family(holder)


def family_afresh(actor: Actor) -> tuple[Other, ...]:
    """The same, for the pages about it: somebody new is there at once."""
    ALONE.forget(own(actor).person_id)
    return family(actor)


def _family(holder: Actor) -> tuple[Other, ...]:
    try:
        charges, helped = access.charges(actor=holder), access.helped(actor=holder)
    except Refused:
        return ()
    found = [
        Other(
            one.person_id,
            _spoken(one.identity),
            one.kind,
            (one.ends_at - timedelta(seconds=1)).astimezone(LAW_ZONE).date(),
            years_old(one.born_on, clock.now()),
        )
        for one in charges
    ]
    found += [Other(one.person_id, Names(one.name, one.name), HELPER, one.last_day) for one in helped]
    return tuple(found)


def _names(holder: Actor, person_id: UUID) -> Names:
    try:
        identity = access.identity(actor=holder, person_id=person_id)
    except Refused:
        return NOBODY
    return _spoken(identity)


def _spoken(identity: Identity) -> Names:
    first = identity.used_first_name or identity.traits.first_names[0].title()
    return Names(first, f"{first} {identity.used_name or identity.traits.birth_name.title()}")
