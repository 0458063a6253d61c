"""Beside whom a helper at a desk sits: one person at a time, under a fresh key for each; nothing stays after (T08)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from healthspace.common.actor import Actor

KEY: Final = "beside"
FOUND: Final = "beside_found"
ENDED: Final = "beside_ended"


def actor_of(request: HttpRequest, actor: Actor) -> Actor:
    """The helper in the session of help that this session holds, if any; the gate finds whether it runs."""
    person, _sep, assistance = str(request.session.get(KEY, "")).partition("|")
    if actor.kind != "assistant" or not assistance:
        return actor
    return replace(actor, person_id=UUID(person), session_id=assistance)


def begin(request: HttpRequest, person_id: UUID, assistance_id: UUID) -> None:
    """From now on this session is about that person and nobody else."""
    _forget(request)
    request.session[KEY] = f"{person_id}|{assistance_id}"
    _renew(request)


def leave(request: HttpRequest, *, ended: str = "") -> None:
    """Nobody sits here any more; `ended` keeps the number of what ended for the page that tells it."""
    _forget(request)
    if ended:
        request.session[ENDED] = ended
    _renew(request)


def keep_found(request: HttpRequest, found: list[dict[str, Any]]) -> None:
    """Whom the typed numbers may mean, until one is chosen: ids, no names."""
    _forget(request)
    request.session[FOUND] = found
    _renew(request)


def _forget(request: HttpRequest) -> None:
    for key in (KEY, FOUND, ENDED):
        request.session.pop(key, None)


def _renew(request: HttpRequest) -> None:
    request.session.cycle_key()
    rotate_token(request)
