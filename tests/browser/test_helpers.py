"""Asking for help, answering, helping and ending it, in a real browser: words, narrow and wide, both languages, axe."""

from __future__ import annotations

from typing import Any

import pytest

from healthspace.documents import actions as documents
from tests import people
from tests.browser.conftest import WIDE
from tests.browser.test_family import SMALL, faults, shoot
from tests.factories import orders

WORDS = {
    "fr": {
        "ask": "Demander de l’aide à quelqu’un",
        "kind": "Résultats d’analyses",
        "next": "Question suivante",
        "period": "Trois mois",
        "send": "Demander à cette personne",
        "answer": "Répondre",
        "yes": "Oui, j’aide",
        "open": "Ouvrir ce dossier",
        "end": "Y mettre fin maintenant",
        "helps": "Vous aidez",
    },
    "en": {
        "ask": "Ask somebody for help",
        "kind": "Test results",
        "next": "Next question",
        "period": "Three months",
        "send": "Ask this person",
        "answer": "Answer",
        "yes": "Yes, I help",
        "open": "Open this record",
        "end": "End it now",
        "helps": "You help",
    },
}


def ask(page: Any, lina: people.Holder, words: dict[str, str], name: str) -> None:
    """Three questions, one a page."""
    shoot(page, f"helpers-none-{name}")
    page.get_by_role("link", name=words["ask"]).click()
    page.get_by_label(words["kind"]).check()
    assert faults(page) == []
    shoot(page, f"ask-what-{name}")
    page.get_by_role("button", name=words["next"]).click()
    page.get_by_label(words["period"]).check()
    shoot(page, f"ask-until-{name}")
    page.get_by_role("button", name=words["next"]).click()
    traits = lina.traits
    given = {
        "first_name": traits.first_names[0],
        "birth_name": traits.birth_name,
        "day": str(traits.born_on.day),
        "month": str(traits.born_on.month),
        "year": str(traits.born_on.year),
        "matricule": lina.ins.matricule,
    }
    for field, value in given.items():
        page.locator(f"#id_{field}").fill(value)
    assert faults(page) == []
    shoot(page, f"ask-who-{name}")
    page.get_by_role("button", name=words["send"]).click()
    assert lina.traits.birth_name in page.locator("main").inner_text()


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["320", "wide"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_help__from_the_question_to_the_end(open_window: Any, language: str, size: dict[str, int]) -> None:
    amina, lina = people.amina(), people.holder("ROUX", ("LINA",), people.around(1980), "F", people.place_in("33"))
    hospital, words, name = people.rivemont(), WORDS[language], f"{language}-{size['width']}"
    for title, code in (("Prise de sang", "11502-2"), ("Compte rendu", "11488-4")):
        sent = orders.order(amina, title=title, type_code=code, media_type="text/plain", content=b"Bonjour")
        documents.deposit(actor=hospital.actor, order=sent)
    mine = open_window(language, viewport=size)
    mine.sign_in(amina)
    mine.go("/helpers/")
    ask(mine.page, lina, words, name)
    theirs = open_window(language, viewport=size)
    theirs.sign_in(lina)
    page = theirs.page
    theirs.go("/people/")
    page.get_by_role("link", name=f"{words['answer']} – {amina.identity.name}").click()
    assert faults(page) == []
    shoot(page, f"answer-{name}")
    page.get_by_role("button", name=words["yes"]).click()
    page.get_by_role("button", name=f"{words['open']} – {amina.identity.name}").click()
    assert words["helps"] in page.locator("h1").inner_text()
    assert faults(page) == []
    shoot(page, f"helped-home-{name}")
    assert "Prise de sang" in page.locator("main").inner_text()
    assert "Compte rendu" not in page.locator("main").inner_text()
    page.get_by_role("link", name="Prise de sang").click()
    assert faults(page) == []
    shoot(page, f"helped-document-{name}")
    mine.go("/helpers/")
    assert faults(mine.page) == []
    shoot(mine.page, f"helpers-{name}")
    mine.page.get_by_role("link", name=words["end"]).click()
    shoot(mine.page, f"end-{name}")
    mine.page.get_by_role("button", name=words["end"]).click()
    theirs.go("/home/")
    assert page.locator("section.acting").count() == 0
    assert amina.identity.name not in page.locator("body").inner_text()
    assert [*mine.complaints, *theirs.complaints] == []
