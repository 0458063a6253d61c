"""The holder's name beside the logo: known only to the sealed identity, so remembered for a minute."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Final
from uuid import UUID

from healthspace.access import reads as access
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused

REMEMBERED: Final = timedelta(seconds=60)
MOST: Final = 5000


@dataclass(frozen=True, slots=True)
class Names:
    first: str
    full: str


NOBODY: Final = Names("", "")
_lock = Lock()
_known: dict[UUID, tuple[Names, datetime]] = {}


def of_holder(actor: Actor) -> Names:
    """First and full name of the holder who acts; empty when the space is closed."""
    if actor.person_id is None:
        return NOBODY
    at = clock.now()
    with _lock:
        found = _known.get(actor.person_id)
    if found is not None and at - found[1] < REMEMBERED:
        return found[0]
    try:
        identity = access.identity(actor=actor, person_id=actor.person_id)
    except Refused:
        return NOBODY
    first = identity.used_first_name or identity.traits.first_names[0].title()
    names = Names(first, f"{first} {identity.used_name or identity.traits.birth_name.title()}")
    with _lock:
        if len(_known) >= MOST:
            _known.clear()
        _known[actor.person_id] = (names, at)
    return names


def with_name(actor: Actor) -> Actor:
    """The actor, a holder with their name."""
    return replace(actor, name=of_holder(actor).full) if actor.kind == "holder" else actor
