"""Paper for people without a screen: the health summary, the sheet of consent, and forms that come back by post."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.utils import translation

from healthspace.access import actions as access_actions
from healthspace.access import gate
from healthspace.access import reads as access
from healthspace.access.deed import deed
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.enrolment.adapters import sheet, wording
from healthspace.enrolment.adapters.sheet import Part, Sheet
from healthspace.people import reads as people
from healthspace.profile import reads as profile
from healthspace.spaces import reads as spaces

KINDS: Final = ("AllergyIntolerance", "MedicationStatement", "Condition", "Immunization")
MOST_LINES: Final = 20
_DATA: Final = Path(__file__).parent / "data" / "paper.json"


@cache
def _all_words() -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = json.loads(_DATA.read_text(encoding="utf-8"))
    return found


def words(language: str) -> Mapping[str, Any]:
    """Everything that is printed, in French or in English."""
    return _all_words()["fr" if language.startswith("fr") else "en"]


def language_of(language: str) -> str:
    """The language a sheet is printed in."""
    return "fr" if language.startswith("fr") else "en"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a sheet is about, as known now."""

    name: str
    born_on: date
    state: spaces.SpaceState
    ties: tuple[access.TieCard, ...]


@deed
def summary(*, actor: Actor, person_id: UUID, language: str) -> bytes:
    """The facts that count in an emergency, on paper, for the holder or within a session of help; journalled."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "read_profile").rule
    person = Person(
        name=spaces.identity(person_id).name,
        born_on=spaces.identity(person_id).traits.born_on,
        state=spaces.state(person_id),
        ties=access.ties(actor=actor, person_id=person_id),
    )
    facts = {kind: _lines(actor, person_id, kind) for kind in KINDS}
    gate.journal(standing, "summary_printed", rule=rule)
    said = words(language)["summary"]
    title = said["title"].format(name=person.name)
    return _write(title, (*_about(person, language), *_facts(facts, language), *_ways(language)), language)


def _about(person: Person, language: str) -> tuple[Part, ...]:
    word, said = words(language), words(language)["summary"]
    answers = {
        "samu": person.state.is_samu_opposed,
        "break_glass": person.state.is_break_glass_opposed,
        "masked": person.state.is_masked_opposed,
    }
    lines = tuple(said[key].format(answer=word["no" if no else "yes"]) for key, no in answers.items())
    doctors = tuple(tie.name for tie in person.ties if tie.kind == "attending") or (word["nothing"],)
    born = said["born"].format(day=day(person.born_on, language))
    return (
        Part(said["who"], (person.name, born)),
        Part(said["doctor"], doctors),
        Part(said["emergency"], lines),
    )


def _facts(facts: Mapping[str, tuple[str, ...]], language: str) -> tuple[Part, ...]:
    word, said = words(language), words(language)["summary"]
    parts = []
    for kind, lines in facts.items():
        shown = lines[:MOST_LINES] + ((said["more"],) if len(lines) > MOST_LINES else ())
        parts.append(Part(said[kind], shown or (word["nothing"],)))
    return tuple(parts)


def _ways(language: str) -> tuple[Part, ...]:
    word, said, sender = words(language), words(language)["summary"], wording.sender()
    how = tuple(line.format(site=sender.url) for line in said["how_lines"])
    call = (word["call"].format(phone=sender.phone),) if sender.phone else ()
    return (
        Part(said["careful"], tuple(said["careful_lines"])),
        Part(said["how"], how),
        Part(word["questions"], (*call, word["visit"])),
    )


def _lines(actor: Actor, person_id: UUID, kind: str) -> tuple[str, ...]:
    """What entries of this kind are about, each once."""
    found = profile.entries(actor=actor, person_id=person_id, resource_type=kind, limit=MOST_LINES + 1)
    said = [label(entry.resource) for entry in found]
    return tuple(dict.fromkeys(one for one in said if one))


def label(resource: Mapping[str, Any]) -> str:
    """What a FHIR R4 resource is about, in the words it came with; "" when it has none."""
    for name in ("code", "medicationCodeableConcept", "vaccineCode"):
        concept = resource.get(name)
        if isinstance(concept, dict):
            codings = [one for one in concept.get("coding", ()) if isinstance(one, dict)]
            said = concept.get("text") or next((one["display"] for one in codings if one.get("display")), "")
            if isinstance(said, str) and said.strip():
                return said.strip()
    reference = resource.get("medicationReference")
    shown = reference.get("display", "") if isinstance(reference, dict) else ""
    return shown.strip() if isinstance(shown, str) else ""


@deed
def mandate(*, actor: Actor, person_id: UUID, language: str) -> bytes:
    """The sheet that the person signs to be helped by this very helper, in the session asked for."""
    card = access.own_assistance(actor=actor)
    form_id = access_actions.print_mandate(actor=actor, person_id=person_id)
    name = spaces.identity(person_id).name
    word = words(language)
    said = word["mandate"]
    ticked = tuple(word["scopes"][one] for one in word["scopes"] if card and one in card.scope)
    lines = tuple(
        line.format(name=name, helper=actor.name, place=actor.institution_name) for line in said["agree_lines"]
    )
    parts = (Part(said["agree"], lines), Part(said["may"], tuple(f"– {one}" for one in ticked)))
    return _write(said["title"], parts, language, square=access.form_text(person_id, form_id))


@deed
def form(*, actor: Actor, person_id: UUID, kind: str, language: str, professional_id: UUID | None = None) -> bytes:
    """A form for this person to sign and to send; it comes back by scan (`journeys.paper`)."""
    form_id = access_actions.print_form(actor=actor, person_id=person_id, kind=kind, professional_id=professional_id)
    name = spaces.identity(person_id).name
    doctor = people.professional(professional_id).name if professional_id else ""
    word, sender = words(language), wording.sender()
    said = word["forms"][kind]
    lines = tuple(line.format(name=name, doctor=doctor) for line in said["says"])
    address = ", ".join(sender.slip_lines)
    sending = tuple(line.format(address=address) for line in word["send_lines"])
    parts = (Part("", lines), Part(word["send"], sending))
    return _write(said["title"], parts, language, square=access.form_text(person_id, form_id))


def receipt(*, actor: Actor, person_id: UUID, assistance_id: UUID, language: str) -> bytes:
    """What was done in a session of help that is over, for the person to take home; for its very helper."""
    done = access.done_in_assistance(actor=actor, person_id=person_id, assistance_id=assistance_id)
    said = words(language)["receipt"]
    with translation.override(language_of(language)):
        lines = tuple(f"{line.at.astimezone(gate.LAW_ZONE):%H:%M}  {line.sentence}" for line in done)
    return _write(
        said["title"], (Part("", lines), Part(said["check"], tuple(said["lines"])), *_ways(language)[2:]), language
    )


def _write(title: str, parts: tuple[Part, ...], language: str, *, square: str = "") -> bytes:
    word, at = words(language), clock.now()
    prefix = access.FORM_PREFIX
    printed = Sheet(
        product=wording.sender().product,
        title=title,
        parts=parts,
        language=language_of(language),
        foot=word["foot"].format(day=day(_local(at), language)),
        square=(prefix, square.removeprefix(prefix)) if square else ("", ""),
        sign=(word["signed_on"], word["signature"]) if square else (),
    )
    return sheet.write(printed, at=at)


def _local(at: datetime) -> date:
    return at.astimezone(gate.LAW_ZONE).date()


def day(on: date, language: str) -> str:
    """A day in words."""
    month = words(language)["months"][on.month - 1]
    number = "1er" if on.day == 1 and language_of(language) == "fr" else str(on.day)
    return f"{number} {month} {on.year}"
