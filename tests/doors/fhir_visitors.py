"""Run beside a live product, in its settings: makes a holder, a hospital and a doctor there, told as JSON."""

from __future__ import annotations

import json
import sys

import django


def main() -> None:
    """Without words: make them. With `journal PERSON` or `notices PERSON`: what their holder reads."""
    django.setup()
    from healthspace.people import reads as people_reads
    from tests import people
    from tests.doors.fhir_client import document, token_of

    if len(sys.argv) > 1:
        account = people_reads.account_of_person(people.UUID(sys.argv[2]))
        assert account is not None
        actor = people_reads.actor_of(account)
        sys.stdout.write(json.dumps(READERS[sys.argv[1]](actor)) + "\n")
        return
    amina, rivemont, doctor = people.amina(), people.rivemont(), people.dr_nguyen()
    people.grant(amina, doctor)
    told = {
        "person": str(amina.person_id),
        "hospital": rivemont.token,
        "doctor": token_of(doctor),
        "stranger": token_of(people.dr_nguyen()),
        "document": document(amina),
    }
    sys.stdout.write(json.dumps(told) + "\n")


def _journal(actor: object) -> list[list[str]]:
    from healthspace.documents import reads

    found = reads.journal(actor=actor, person_id=actor.person_id, is_act=False)  # type: ignore[attr-defined, arg-type]
    return [[entry.kind, entry.outcome, entry.rule] for entry in found]


def _notices(actor: object) -> list[str]:
    from healthspace.notifications import reads

    found = reads.notices(actor=actor, person_id=actor.person_id)  # type: ignore[attr-defined, arg-type]
    return [notice.kind for notice in found]


def _mask(actor: object) -> list[str]:
    from healthspace.documents import actions, reads

    page = reads.list_documents(actor=actor, person_id=actor.person_id, query=reads.ListQuery())  # type: ignore[attr-defined, arg-type]
    for card in page.cards:
        actions.mask(actor=actor, person_id=card.person_id, document_id=card.id)  # type: ignore[arg-type]
    return [str(card.id) for card in page.cards]


READERS = {"journal": _journal, "notices": _notices, "mask": _mask}

if __name__ == "__main__":
    main()
