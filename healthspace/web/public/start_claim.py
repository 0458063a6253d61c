"""Who proved with a code that the letter is theirs: ids in the visitor's session, for ten minutes of rest.

Ten minutes count from the last page, so that slow readers are not thrown out; one hour ends it in any case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language

from healthspace.common import clock
from healthspace.enrolment.actions.answers import Receipt
from healthspace.enrolment.reads import claims
from healthspace.enrolment.rules.claims import CLAIM_LASTS, Claim, NotAccepted
from healthspace.web.audience import home_of
from healthspace.web.middleware import WebRequest

P = ParamSpec("P")
Page = Callable[Concatenate[WebRequest, P], HttpResponse]
ClaimPage = Callable[Concatenate[WebRequest, Claim, P], HttpResponse]
IN_ALL: Final = timedelta(hours=1)
_KEY: Final = "letter"


@dataclass(frozen=True, slots=True)
class Answered:
    """A refusal or a closing of this very window."""

    claim: Claim
    answer_id: UUID
    undo_until: datetime | None


def hold(request: WebRequest, claim: Claim) -> None:
    """Remember who answers; the session gets a new key, as at each change of what it may do (T08)."""
    request.session.flush()
    request.session[_KEY] = {"claim": claim.kept(), "since": claim.proved_at.isoformat(), "choices": {}}


def held(request: WebRequest) -> Claim:
    """Who answers in this window, as they stand now; NotAccepted once it is over or answered."""
    kept = request.session.get(_KEY) or {}
    if "since" not in kept or clock.now() - datetime.fromisoformat(kept["since"]) > IN_ALL:
        raise NotAccepted("session")
    claim = claims.recall(kept["claim"])
    kept["claim"]["proved_at"] = clock.now().isoformat()
    request.session.modified = True
    return claim


def answered(request: WebRequest, claim: Claim, receipt: Receipt, *, shown_at: str = "public:refused") -> None:
    """The code has served: the session keeps the receipt, for the proof and for taking the answer back."""
    request.session[_KEY] = {
        "claim": claim.kept() | {"proved_at": clock.now().isoformat()},
        "answer": str(receipt.answer_id),
        "undo_until": receipt.undo_until.isoformat() if receipt.undo_until else "",
        "is_child": claim.is_child,
        "shown_at": shown_at,
    }


def receipt(request: WebRequest) -> Answered:
    """What was just answered in this window; NotAccepted after ten minutes."""
    kept = request.session.get(_KEY) or {}
    if "answer" not in kept:
        raise NotAccepted("session")
    proved_at = datetime.fromisoformat(kept["claim"]["proved_at"])
    if clock.now() - proved_at > CLAIM_LASTS:
        raise NotAccepted("session")
    person_id = UUID(kept["claim"]["person_id"])
    claim = Claim(
        person_id=person_id,
        code_id=UUID(kept["claim"]["code_id"]),
        by_person_id=UUID(kept["claim"]["by_person_id"]),
        name=claims.name_of(person_id),
        language=(get_language() or "fr")[:2],
        is_child=kept["is_child"],
        state="opposed",
        deadline_at=None,
        may=frozenset({"undo"}),
        proved_at=proved_at,
    )
    undo_until = datetime.fromisoformat(kept["undo_until"]) if kept["undo_until"] else None
    return Answered(claim, UUID(kept["answer"]), undo_until)


def _instead(request: WebRequest) -> str:
    """Where somebody goes who sends a page twice: to the answer already given, or inside."""
    kept = request.session.get(_KEY, {})
    if "answer" in kept:
        return str(kept["shown_at"])
    return home_of(request.actor) or "public:start_again"


def let_go(request: WebRequest) -> None:
    """Forget who answers, on this device."""
    request.session.flush()


def choices(request: WebRequest) -> dict[str, Any]:
    """What was chosen on the pages before; nothing that says who or how to reach them."""
    found: dict[str, Any] = request.session.get(_KEY, {}).get("choices", {})
    return found


def keep(request: WebRequest, **chosen: str) -> None:
    """Remember an answer until the last page."""
    request.session.setdefault(_KEY, {}).setdefault("choices", {}).update(chosen)
    request.session.modified = True


def for_claim(*may: str) -> Callable[[ClaimPage[P]], Page[P]]:
    """A page for whoever showed a code, as long as it still allows one of these answers."""

    def around(view: ClaimPage[P]) -> Page[P]:
        @wraps(view)
        def checked(request: WebRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                claim = held(request)
            except NotAccepted:
                return redirect(_instead(request))
            if may and not claim.may & set(may):
                return redirect("public:choice")
            return view(request, claim, *args, **kwargs)

        return checked

    return around
