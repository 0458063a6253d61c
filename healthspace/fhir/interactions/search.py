"""Searches: over what the caller may see and nothing else; refused and absent are an empty page (T30)."""

from __future__ import annotations

from typing import Final

from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid, Refused
from healthspace.documents import reads
from healthspace.fhir import bundle, conditions, cursors, forms, outcome
from healthspace.fhir.exchange import Answer, Params, Request, json_answer
from healthspace.fhir.outcome import Fault, Issue, fault
from healthspace.fhir.resources import patient as patients_
from healthspace.fhir.resources import submission_set
from healthspace.fhir.resources.document_reference import search as parameters
from healthspace.fhir.resources.document_reference import to_fhir

CURSOR: Final = "_cursor"
_IGNORED: Final = frozenset({"_format", "_pretty"})


def documents(request: Request, actor: Actor, _: str, __: str) -> Answer:
    """GET DocumentReference?... (ITI-67), newest care first."""
    return _documents(request, actor, request.query)


def documents_by_form(request: Request, actor: Actor, _: str, __: str) -> Answer:
    """POST DocumentReference/_search: the same, with nothing personal in an address."""
    return _documents(request, actor, _form(request))


def _documents(request: Request, actor: Actor, query: Params) -> Answer:
    asked = parameters.parse(query)
    told = _unknown(request, asked.unknown)
    page, following = _page(actor, asked, query)
    matches = [to_fhir.resource(card) for card in page.cards] if not asked.is_count_only else []
    found = bundle.searchset(
        matches,
        base=request.base,
        kind="DocumentReference",
        query=_shown(query, asked.unknown),
        following=following,
        total=(page.total or 0) if asked.wants_total else None,
        outcome=told,
    )
    return json_answer(200, found)


def lists(request: Request, actor: Actor, _: str, __: str) -> Answer:
    """GET List?patient=...: submission sets, a page of documents at a time (ITI-66)."""
    return _lists(request, actor, request.query)


def lists_by_form(request: Request, actor: Actor, _: str, __: str) -> Answer:
    """POST List/_search."""
    return _lists(request, actor, _form(request))


def _lists(request: Request, actor: Actor, query: Params) -> Answer:
    asked = parameters.parse_lists(query)
    told = _unknown(request, asked.unknown)
    page, following = _page(actor, asked, query)
    visible = {str(card.id) for card in page.cards}
    matches = []
    for card in page.cards:
        held = submission_set.of_card(card)
        if held is not None:
            seen = [other.id for other in page.cards if str(other.id) in {*held["members"], str(card.id)} & visible]
            matches.append(submission_set.resource(card, held, seen))
    found = bundle.searchset(
        matches, base=request.base, kind="List", query=_shown(query, asked.unknown), following=following, outcome=told
    )
    return json_answer(200, found)


def patients(request: Request, actor: Actor, _: str, __: str) -> Answer:
    """GET Patient?identifier=system|value: the person of exactly this INS, if the caller may know."""
    return _patients(request, actor, request.query)


def patients_by_form(request: Request, actor: Actor, _: str, __: str) -> Answer:
    """POST Patient/_search."""
    return _patients(request, actor, _form(request))


def _patients(request: Request, actor: Actor, query: Params) -> Answer:
    told = _unknown(request, [name for name, _ in query if name not in {"identifier", *_IGNORED}])
    given = [value for name, value in query if name == "identifier"]
    if len(given) != 1 or "," in given[0]:
        raise fault(400, "required", "A person is found by exactly one identifier.", expression="identifier",
                    way_out="identifier=urn:oid:1.2.250.1.213.1.4.8|<INS>")  # fmt: skip
    system, separator, value = given[0].partition("|")
    if not separator or not system or not value:
        raise fault(400, "value", "The identifier needs its system and its value.", expression="identifier")
    found = patients_.find(actor=actor, system=system, value=value)
    page = bundle.searchset([found] if found else [], base=request.base, kind="Patient", query=(), outcome=told)
    return json_answer(200, page)


def _page(actor: Actor, asked: parameters.Asked, query: Params) -> tuple[reads.Page, Params | None]:
    """The visible page and the query of the next one; empty for who may not see or is not there."""
    silent = {CURSOR, "_count", *_IGNORED, *asked.unknown}
    question = repr(sorted((name, value) for name, value in query if name not in silent))
    cursor = next((value for name, value in query if name == CURSOR), "")
    place = cursors.read(cursor, actor=actor, question=question) if cursor else ""
    empty = reads.Page((), "", 0, None)
    person_id = asked.person_id
    if person_id is None or asked.is_impossible:
        return empty, None
    try:
        page = reads.list_documents(actor=actor, person_id=person_id, query=asked.as_query(place))
    except Refused:
        return empty, None
    except Invalid as error:
        raise fault(400, "value", error.message, way_out=error.way_out) from None
    if not page.next_cursor or asked.is_count_only:
        return page, None
    following = cursors.make(page.next_cursor, actor=actor, question=question)
    kept = ((name, value) for name, value in query if name != CURSOR and name not in asked.unknown)
    return page, (*kept, (CURSOR, following))


def _unknown(request: Request, names: list[str]) -> dict[str, object] | None:
    """Unknown parameters: a 400 under strict handling, else named beside the matches."""
    if not names:
        return None
    shown = sorted({parameters.clean(name) for name in names})
    issues = [Issue("not-supported", f"The parameter {name} is not known here.", severity="error") for name in shown]
    if request.prefers("handling=strict"):
        raise Fault(400, *issues)
    told = [Issue("not-supported", f"{issue.text} It was ignored.", severity="warning") for issue in issues]
    return outcome.resource(told)


def _form(request: Request) -> Params:
    conditions.check_type(request, conditions.FORM)
    try:
        body = request.body.decode("ascii")
    except UnicodeDecodeError:
        raise fault(400, "structure", "A form is ASCII with percent-encoding.") from None
    return (*request.query, *forms.params(body))


def _shown(query: Params, unknown: list[str]) -> Params:
    """What was understood of a query, as it may stand in an address: no identity number."""
    return tuple((name, value) for name, value in query if "identifier" not in name and name not in unknown)
