"""The law against the real database: lists, openings and abilities of random worlds (G5, levels b and c)."""

from __future__ import annotations

import os
from datetime import datetime

import pytest
import time_machine

from healthspace.access import gate
from healthspace.common.errors import Refused
from healthspace.documents import reads
from healthspace.documents.reads import ListQuery
from healthspace.documents.reads.rows import ABILITIES
from tests.oracle.bridge import ASKS
from tests.oracle.law import law
from tests.query_guard import every_query_names_its_person
from tests.rooms import world
from tests.rooms.world import LATER, SOON, Asking, World

FIRST = int(os.environ.get("HEALTHSPACE_SEED", "1"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("HEALTHSPACE_WORLDS", "4")))
EVERY_STATUS = ("current", "superseded", "archived", "deleted", "disowned")
PRODUCT_TO_LAW = {ours: text for text, ours in ASKS.items()}
# abilities that depend on more than the right: compared one way only
STATEFUL = {"mask", "unmask", "reveal_to_holder", "reveal_to_representatives"}
STATEFUL |= {"hide_from_holder", "hide_from_representatives", "replace"}


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"seed {seed}")
def built(request: pytest.FixtureRequest) -> World:
    return world.build(request.param)


@pytest.mark.parametrize("at", [SOON, LATER], ids=["soon", "later"])
def test_list_documents__everybody_sees_what_the_text_says(built: World, at: datetime) -> None:
    with time_machine.travel(at, tick=False), every_query_names_its_person():
        for asking in built.askers:
            may_list = law(built.state(asking, "list", None, at)).allowed
            expected = {d.id for d in built.documents if law(built.state(asking, "see_listed", d, at)).allowed}
            query = ListQuery(statuses=EVERY_STATUS, limit=100, with_total=True)
            try:
                page = reads.list_documents(actor=asking.actor, person_id=built.holder.person_id, query=query)
            except Refused:
                assert not may_list, asking
                continue
            assert may_list, asking
            assert {card.id for card in page.cards} == expected, asking
            assert page.total == len(expected)
            _abilities_agree(built, asking, page.cards, at)


def _abilities_agree(built: World, asking: Asking, cards: tuple[reads.Card, ...], at: datetime) -> None:
    by_id = {document.id: document for document in built.documents}
    for card in cards:
        for ask in ABILITIES:
            allowed = law(built.state(asking, PRODUCT_TO_LAW.get(ask, ask), by_id[card.id], at)).allowed
            if ask in card.can:
                assert allowed, (ask, asking, by_id[card.id])
            elif allowed and ask not in STATEFUL:
                raise AssertionError((ask, asking, by_id[card.id]))


@pytest.mark.parametrize("at", [SOON, LATER], ids=["soon", "later"])
def test_open_document__everybody_opens_what_the_text_says(built: World, at: datetime) -> None:
    with time_machine.travel(at, tick=False), every_query_names_its_person():
        for asking in built.askers:
            for document in built.documents:
                allowed = law(built.state(asking, "open", document, at)).allowed
                opened = _opened(built, asking, document)
                assert (opened is not None) == allowed, (asking, document)
                assert opened in {None, b"Bonjour"}


def _opened(built: World, asking: Asking, document: world.Filed) -> bytes | None:
    try:
        opened = reads.open_document(actor=asking.actor, person_id=built.holder.person_id, document_id=document.id)
    except Refused:
        return None
    return opened.content


def test_worlds__meet_every_sort_of_document_and_asker() -> None:
    """Worlds that never hide anything prove nothing."""
    met: set[str] = set()
    for seed in (1, 2, 3):
        built = world.build(seed)
        for document in built.documents:
            met |= {document.status, document.by.kind}
            met |= {name for name in ("masked", "announced", "secret") if getattr(document, name)}
        met |= {name for asking in built.askers for name in asking.facts if asking.facts[name] is True}
    assert met >= {"current", "superseded", "deleted", "quarantined", "professional", "institution", "holder"}
    assert met >= {"masked", "announced", "secret", "blocked", "attending", "samu_opposed", "masked_opposed"}


def test_comparison__finds_a_list_that_forgets_the_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the care team sees every unmasked document, whatever its profession."""
    monkeypatch.setattr(gate.seeing, "_visible_of_others", lambda asker: ("NOT is_masked", []))
    with pytest.raises(AssertionError):
        for seed in (1, 2, 3):
            test_list_documents__everybody_sees_what_the_text_says(world.build(seed), SOON)


def test_comparison__finds_a_list_that_forgets_the_categories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: helpers see what the holder sees."""
    honest = gate.visible

    def leaking(standing: gate.Standing) -> tuple[str, list[object]]:
        is_helper = standing.asker.role == "caregiver"
        return ("status = 'current'", []) if is_helper else honest(standing)

    monkeypatch.setattr(gate, "visible", leaking)
    with pytest.raises(AssertionError):
        for seed in (1, 2, 3):
            test_list_documents__everybody_sees_what_the_text_says(world.build(seed), SOON)
