"""Every kind of event tells itself in plain words, in both languages."""

import re
from dataclasses import dataclass, field

import pytest
from django.utils import translation

from healthspace.audit import kinds
from healthspace.audit.kinds import reasons

ENGLISH = {"you", "your", "the", "was", "opened", "asked", "document", "space", "access"}


@dataclass
class Said:
    """A line as a teller sees it."""

    actor_kind: str = "professional"
    actor_name: str = "Dr Linh Nguyen"
    institution_name: str = "Rivemont hospital"
    outcome: str = "done"
    rule: str = "ACC-2"
    mode: str = "normal"
    reason: str = ""
    details: dict[str, str] = field(default_factory=dict)


@pytest.mark.parametrize("code", sorted(kinds.KINDS))
@pytest.mark.parametrize("language", ["en", "fr"])
def test_kind__tells_itself(code: str, language: str) -> None:
    kind = kinds.KINDS[code]
    lines = (Said(), Said(actor_kind="holder"), Said(outcome="refused", rule="ACC-17"))
    with translation.override(language):
        told = [kind.tell(line) for line in lines]
    for sentence in told:
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "%" not in sentence
    if code != "sign_in_refused":
        assert "Dr Linh Nguyen (Rivemont hospital)" in told[0]
        assert told[1] != told[0]
    assert "Linh" not in told[1]


@pytest.mark.parametrize("code", sorted(kinds.KINDS))
def test_kind__is_translated(code: str) -> None:
    kind = kinds.KINDS[code]
    for line in (Said(), Said(actor_kind="holder"), Said(outcome="refused")):
        with translation.override("en"):
            english = kind.tell(line)
        with translation.override("fr"):
            french = kind.tell(line)
        assert french != english
        words = set(re.findall(r"[a-z]+", french.replace("Rivemont hospital", "").lower()))
        assert not words & (ENGLISH - {"document"}), french


def test_kind__every_reason_is_translated() -> None:
    for rule in [*reasons.REASONS, "something else"]:
        with translation.override("en"):
            english = reasons.why(rule)
        with translation.override("fr"):
            assert reasons.why(rule) != english


def test_kind__refused_opening_names_who_and_why() -> None:
    with translation.override("en"):
        told = kinds.KINDS["document_opened"].tell(Said(outcome="refused", rule="ACC-17"))
    assert told == (
        "Dr Linh Nguyen (Rivemont hospital) asked to open a document and was refused. You have hidden this document."
    )
    with translation.override("fr"):
        told = kinds.KINDS["document_opened"].tell(Said(outcome="refused", rule="ACC-17"))
    assert told == (
        "Dr Linh Nguyen (Rivemont hospital) a demandé à ouvrir un document et cela lui a été refusé."
        " Vous avez masqué ce document."
    )


def test_kind__what_the_reader_may_not_know_is_told_as_absent() -> None:
    """ANN-1 and CHI-4 would betray a hidden document (decision 20)."""
    for rule in ("ANN-1", "CHI-4", "CHI-4D"):
        assert reasons.why(rule) == reasons.why("ABSENT")


def test_kind__emergency_and_its_reason_are_told() -> None:
    kind = kinds.KINDS["document_opened"]
    with translation.override("en"):
        assert kind.tell(Said(mode="break_glass", reason="unconscious")).endswith("unconscious")
        assert "SAMU" in kind.tell(Said(mode="samu"))


@pytest.mark.parametrize("actor_kind", ["system", "anonymous", "holder"])
def test_kind__an_actor_without_a_name_has_words(actor_kind: str) -> None:
    line = Said(actor_kind=actor_kind, actor_name="", institution_name="")
    with translation.override("fr"):
        assert kinds.KINDS["document_opened"].tell(line).endswith(".")


def test_kind__every_kind_the_gate_can_journal_is_known() -> None:
    deed = pytest.importorskip("healthspace.access.deed")
    assert set(deed.KIND_OF_ASK.values()) <= set(kinds.KINDS)
