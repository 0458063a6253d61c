"""The gate's law against the second reading of the text, over the whole product of situations."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from healthspace.access import rules
from healthspace.access.adapters import matrix as product_matrix
from healthspace.access.guarded import Guarded
from healthspace.common.actor import ActorKind, Mode
from healthspace.spaces import rules as spaces
from healthspace.terminology import reads as terminology
from tests.oracle import bridge, law, matrix, run, worlds


@pytest.fixture(scope="module")
def whats() -> list[worlds.Half]:
    return worlds.halves(list(worlds.items(hidden=("no", "waiting"))))


def test_decide__professionals_get_the_answer_of_the_text(whats: list[worlds.Half]) -> None:
    askers = list(worlds.professionals(("active",), ("none", "explicit")))
    # Directives and the secret of minors are the representatives' matter: `make oracle` has them here too.
    report = worlds.compare(askers, [what for what in whats if not what[6] and not what[4]])
    assert report.compared > 1_000_000
    assert not report.kept, report.told()


def test_decide__everybody_gets_the_answer_of_the_text(whats: list[worlds.Half]) -> None:
    report = worlds.compare(list(worlds.plain_others()), [what for what in whats if what[-1]])
    assert report.compared > 900_000
    assert not report.kept, report.told()


def sample(whats: list[worlds.Half]) -> tuple[list[worlds.Half], list[worlds.Half]]:
    """Some of every sort, for the tests of the comparison itself."""
    askers = list(worlds.professionals(("active",), ("none", "explicit")))[::23]
    few = [what for what in whats if what[0] in law.ABOUT_THE_SPACE]
    return askers + list(worlds.plain_others()), whats[::11] + few


def test_decide__every_rule_of_the_text_is_met(whats: list[worlds.Half]) -> None:
    """A comparison that never meets a rule proves nothing about it."""
    met = {verdict.rule for verdict in worlds.compare(*sample(whats)).rules}
    assert met == {
        "CLO", "GONE", "ANN", "LINK", "SEC", "DIRECTIVE", "PERSON", "AUTHOR", "BLOCK", "ATTENDING",
        "EMG", "MASK", "MATRIX", "TIE", "FEED", "NOT_AUTHOR", "NOBODY", "CATEGORY",
    }  # fmt: skip


LIES = {
    "a helper opens what was not delegated": lambda asker, ask, item: (
        asker.role == "caregiver" and item is not None and item.type_code not in asker.readable_types and ask == "open"
    ),
    "a helper who reads changes": lambda asker, ask, item: asker.role == "caregiver" and ask == "deposit",
    "a helper reads the journal": lambda asker, ask, item: asker.role == "caregiver" and ask == "read_journal",
    "a masked document is open to the care team": lambda asker, ask, item: (
        asker.is_authorised and item is not None and item.is_masked and ask == "see"
    ),
    "a blocked professional opens": lambda asker, ask, item: asker.is_blocked and ask == "open",
    "the glass breaks without a reason": lambda asker, ask, item: (
        asker.mode == "break_glass" and not asker.has_reason and ask == "open"
    ),
    "a parent sees the secret of a minor": lambda asker, ask, item: (
        asker.role == "representative" and item is not None and item.is_hidden_from_representatives
    ),
    "a closed space takes documents": lambda asker, ask, item: asker.space_state == "closed" and ask == "deposit",
}


@pytest.mark.parametrize("lie", LIES)
def test_comparison__finds_a_planted_fault(lie: str, whats: list[worlds.Half], monkeypatch: pytest.MonkeyPatch) -> None:
    honest, when = rules.decide, LIES[lie]

    def lying(asker: rules.Asker, ask: str, item: Guarded | None = None) -> rules.Decision:
        decision = honest(asker, ask, item)
        return replace(decision, is_allowed=True) if when(asker, ask, item) else decision

    monkeypatch.setattr(rules, "decide", lying)
    assert worlds.compare(*sample(whats)).disagreed


def test_matrix__the_file_says_what_the_page_prints() -> None:
    assert matrix.from_file() == matrix.from_text()


def test_matrix__the_product_reads_what_the_page_prints() -> None:
    printed = matrix.from_text()
    for profession in {profession for profession, _ in printed}:
        expected = {kind for (who, kind), is_open in printed.items() if who == profession and is_open}
        assert product_matrix.readable_types(profession, bridge.NOW.date()) == expected, profession


@pytest.mark.parametrize("nobody", ["", "999", "doctor", "010"])
def test_matrix__unknown_profession_reads_nothing(nobody: str) -> None:
    assert not product_matrix.readable_types(nobody, bridge.NOW.date())


def test_matrix__every_cell_flipped_is_found() -> None:
    flipped, found = run.flipped_cells(bridge.NOW.date())
    assert flipped == len(matrix.from_text()) == 31 * 118
    assert found == flipped


def test_matrix__a_type_named_in_a_cell_is_of_that_class() -> None:
    for version in json.loads(matrix.DATA.read_text(encoding="utf-8"))["versions"]:
        for profession, row in version["professions"].items():
            for class_code, cell in row.items():
                named = next(iter(cell.values())) if isinstance(cell, dict) else []
                strays = [t for t in named if matrix.types()[t] != class_code]
                assert not strays, f"{profession}, class {class_code}: {strays}"


@pytest.mark.parametrize("cell", ["some", {"except": ["11502-2"], "only": []}, {"only": ["0000-0"]}, None, []])
def test_matrix__a_cell_nobody_knows_is_refused(cell: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such"):
        matrix._reads(cell, "11502-2")


def test_law__types_are_those_of_the_terminology() -> None:
    assert {code: kind.class_code or "" for code, kind in terminology.document_types().items()} == matrix.types()
    assert matrix.directives() == rules.DIRECTIVES


def test_law__states_and_kinds_are_the_product_s() -> None:
    assert set(law.MODES) == set(get_args(Mode))
    # a helper at a desk has no right of a kind: what the person ticked decides (tests/rooms/test_access_assistance.py)
    apart = {"system", "assistant"}
    assert set(law.KINDS) - {"other_holder", "reading_caregiver"} == set(get_args(ActorKind)) - apart
    assert set(law.SPACES) == set(spaces.STATES)
