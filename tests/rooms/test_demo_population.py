"""The town: everybody finds their own, nothing is made twice, a start broken off goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from healthspace.access import reads as access
from healthspace.common.errors import Refused
from healthspace.demo import cast, filing, population, settling
from healthspace.documents import reads as documents
from healthspace.documents.reads import ListQuery
from healthspace.people import actions as people
from healthspace.people import reads as people_reads
from healthspace.spaces import reads as spaces
from tests.people import TEST_OID

FEW = (
    "brahim",
    "fatiha",
    "karim",
    "amina",
    "thomas",
    "ines",
    "yanis",
    "gerard",
    "jeanne",
    "elias",
    "leo",
    "paul",
    "lucas",
)
OPEN = ("amina", "ines", "jeanne", "leo", "paul", "lucas", "gerard")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[population.Summary]:
    """A part of the town, begun, broken off after forty documents, and finished by the next start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "HOME", tmp_path_factory.mktemp("town"))  # each test process has its own database
        some = {key: cast.villagers()[key] for key in FEW}
        patch.setattr(cast, "villagers", lambda: some)
        with pytest.MonkeyPatch.context() as breaking:
            breaking.setattr(filing, "file", _breaking(40))
            with pytest.raises(KeyboardInterrupt):
                population.build(lambda sentence: None)
        yield population.build(lambda sentence: None)


def _breaking(after: int) -> Callable[..., None]:
    real: Callable[..., None] = filing.file
    turns = iter(range(after))

    def file(*words: object) -> None:
        if next(turns, None) is None:
            raise KeyboardInterrupt
        real(*words)

    return file


@pytest.fixture
def town(built: population.Summary) -> settling.Town:
    return settling.settle(population._anchor())


def cards_of(town: settling.Town, key: str, reader: str = "") -> dict[str, documents.Card]:
    actor = settling.professional(town, reader) if reader else settling.holder(town, cast.villagers()[key])
    person_id = town.persons[key]
    page = documents.list_documents(actor=actor, person_id=person_id, query=ListQuery(limit=100))
    return {card.title: card for card in page.cards}


def count_of(town: settling.Town, key: str) -> int:
    actor, person_id = settling.holder(town, cast.villagers()[key]), town.persons[key]
    query = ListQuery(limit=100, statuses=("current", "superseded"), with_total=True)
    return documents.list_documents(actor=actor, person_id=person_id, query=query).total or 0


def test_build__broken_off_goes_on_without_doubles(built: population.Summary, town: settling.Town) -> None:
    moments = filing.all_moments(population._anchor())
    expected = sum(moment.villager.state != "opposed" for moment in moments)
    assert built.new_documents == expected - 40
    amina = [moment for moment in moments if moment.villager.key == "amina"]
    assert len(cards_of(town, "amina", "nguyen")) > 0
    assert count_of(town, "amina") == len(amina)


def test_build__again_makes_nothing(built: population.Summary, town: settling.Town) -> None:
    before = count_of(town, "amina")
    assert population.build(lambda sentence: None).new_documents == 0
    assert count_of(town, "amina") == before


def test_data__a_whole_town() -> None:
    assert len(cast.read("families.json")["people"]) >= 30
    assert len(cast.makers()) >= 15


def test_build__everybody_open_has_an_attending_doctor(town: settling.Town) -> None:
    for key in OPEN:
        villager = cast.villagers()[key]
        ties = access.ties(actor=settling.holder(town, villager), person_id=town.persons[key])
        assert "attending" in {tie.kind for tie in ties}


def test_build__states_of_spaces(town: settling.Town) -> None:
    for key, rule in (("yanis", "CLO-1"), ("brahim", "CLO-1"), ("elias", "CLO-1")):
        with pytest.raises(Refused) as refused:
            cards_of(town, key)
        assert refused.value.rule == rule


def test_build__stranger_is_refused(town: settling.Town) -> None:
    paul = settling.holder(town, cast.villagers()["paul"])
    with pytest.raises(Refused):
        documents.list_documents(actor=paul, person_id=town.persons["amina"], query=ListQuery())


def test_build__secret_of_a_teenager_is_hidden_from_parents(town: settling.Town) -> None:
    assert "Consultation de santé sexuelle" not in cards_of(town, "ines")
    assert "Consultation de santé sexuelle" in cards_of(town, "ines", "nguyen")


def test_build__announcement_is_hidden_from_the_holder(town: settling.Town) -> None:
    assert "Compte rendu d’anatomie pathologique" not in cards_of(town, "gerard")
    assert "Compte rendu d’anatomie pathologique" in cards_of(town, "gerard", "kaci")


def test_build__blocked_pharmacist_is_refused(town: settling.Town) -> None:
    with pytest.raises(Refused):
        cards_of(town, "jeanne", "lacombe")


def test_build__corrected_report_replaces_the_old_one(town: settling.Town) -> None:
    titles = cards_of(town, "paul")
    assert "Bilan lipidique (corrigé)" in titles
    assert titles["Bilan lipidique (corrigé)"].replaces_id is not None


def test_build__journal_has_openings_and_refusals(town: settling.Town) -> None:
    amina = settling.holder(town, cast.villagers()["amina"])
    lines = documents.journal(actor=amina, person_id=town.persons["amina"], limit=100)
    outcomes = {(line.kind, line.outcome) for line in lines}
    assert ("document_opened", "done") in outcomes
    assert ("documents_listed", "refused") in outcomes


def test_sign_ins__work(built: population.Summary) -> None:
    told = (settings.HOME / "sign-ins.txt").read_text(encoding="utf-8")
    assert settling.PASSWORD in told
    assert cast.villagers()["amina"].subject.ins in told
    assert people.authenticate("amina.benali", settling.PASSWORD).account is not None
    assert people.authenticate("linh.nguyen", settling.PASSWORD).account is not None
    for kind, login in settling.DESK.items():
        entered = people.authenticate(login, settling.PASSWORD).account
        assert entered is not None
        assert entered.kind == kind
        assert login in told
    token = next(word for word in told.split() if len(word) == 43)
    actor = people_reads.actor_by_token(token)
    assert actor is not None
    assert actor.institution_name == cast.places()["hospital"].name


def test_ins__all_under_the_test_authority() -> None:
    assert {villager.subject.oid for villager in cast.villagers().values()} == {TEST_OID}
    assert spaces.accepts_tests()
