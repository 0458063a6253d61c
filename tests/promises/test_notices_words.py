"""No health word, no name and no number in any notice or mail, in either language (T56)."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from healthspace.notifications.adapters import mail
from healthspace.notifications.kinds import AUTHOR_KINDS, KINDS, SPACE_MAILS
from healthspace.terminology import reads as terminology

# Words that say something about health, besides those of the document types.
HEALTH_WORDS = """
allergy allergie allergies treatment traitement traitements vaccine vaccin vaccins vaccination result results
résultat résultats analysis analyse analyses laboratory laboratoire prescription prescriptions ordonnance
ordonnances hospital hôpital clinic clinique doctor médecin surgery chirurgie operation opération pregnancy
grossesse abortion ivg psychiatry psychiatrie psychiatric cancer oncology oncologie hiv vih diabetes diabète
imaging imagerie scanner mri irm radiology radiologie biology biologie illness maladie disease diagnosis
diagnostic symptom symptôme medicine médicament drug death décès disability handicap
"""
# Words of the types that say nothing by themselves.
PLAIN = {"document", "documents", "documented", "professional", "professionnel", "santé", "health", "record", "dossier"}
PLAIN |= {"autre", "other", "access", "accès", "care", "soins", "patient", "contact", "contacts", "espace", "filed"}
PLAIN |= {"user", "person", "identity", "identité", "emergency", "urgence", "urgences", "copy", "image", "space"}
PLAIN |= {"version", "titulaire", "holder", "notification", "full", "données", "data", "déposé", "déposée", "somebody"}
PLAIN |= {"child", "children", "enfant", "enfants", "copie"}
PLAIN |= {
    "name",
    "certain",
    "avec",
    "dans",
    "pour",
    "from",
    "with",
    "your",
    "votre",
    "note",
    "nouveau",
    "nouvelle",
    "check",
    "vous",
}


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-zà-ÿœ]{3,}", text.lower()))


def health_words() -> set[str]:
    """From the labels of every document type, and the list above."""
    labels = " ".join(
        kind.label(language) for kind in terminology.document_types().values() for language in ("en", "fr")
    )
    return ({word for word in words(labels) if len(word) > 3} | set(HEALTH_WORDS.split())) - PLAIN


def told(language: str) -> dict[str, str]:
    """Everything that leaves as a notice or a mail."""
    with translation.override(language):
        found = {code: str(kind.text) for code, kind in {**AUTHOR_KINDS, **KINDS}.items()}
    mails = {"mail": mail.something_new(language)}
    mails |= {f"mail {code}": mail.about_space(kind, language) for code, kind in SPACE_MAILS.items()}
    for code, (subject, body) in mails.items():
        found |= {f"{code} subject": subject, f"{code} body": body}
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_notices__hold_no_health_word(language: str) -> None:
    for code, text in told(language).items():
        assert not words(text) & health_words(), (code, text)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_notices__hold_no_name_and_no_number(language: str) -> None:
    for code, text in told(language).items():
        without_address = re.sub(r"https?://\S+", "", text)
        assert not re.search(r"\d", without_address), (code, text)
        assert not re.search(r"%\(|\{", text), (code, text)


def test_notices__are_told_in_both_languages() -> None:
    english, french = told("en"), told("fr")
    assert not {code for code in english if english[code] == french[code]}


def test_health_words__are_found_when_planted() -> None:
    planted = words("Your laboratory report is there. Votre ordonnance est arrivée.")
    assert planted & health_words() >= {"laboratory", "report", "ordonnance"}
