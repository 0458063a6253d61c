"""The six weeks, the codes, the references and the texts: what is printed and promised."""

from __future__ import annotations

import uuid
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthspace.common.errors import Invalid
from healthspace.enrolment.rules import codes, references, texts, window

PARIS = window.PARIS
SECRET = bytes(range(32))
YEARS = {"min_value": datetime(2020, 1, 1), "max_value": datetime(2040, 1, 1)}  # noqa: DTZ001


def test_deadline__is_42_calendar_days_at_the_same_hour() -> None:
    """T1, literally."""
    assert window.deadline(datetime(2027, 2, 1, 0, 0, tzinfo=PARIS)) == datetime(2027, 3, 15, 0, 0, tzinfo=PARIS)
    assert window.deadline(date(2027, 2, 1)) == datetime(2027, 3, 15, 0, 0, tzinfo=PARIS)
    last_minute = datetime(2027, 3, 14, 23, 59, tzinfo=PARIS)
    assert not window.is_over(window.deadline(date(2027, 2, 1)), last_minute)
    assert window.is_over(window.deadline(date(2027, 2, 1)), datetime(2027, 3, 15, tzinfo=PARIS))


@pytest.mark.parametrize(
    ("sent", "ends"),
    [
        (datetime(2027, 2, 20, 10, 0, tzinfo=PARIS), datetime(2027, 4, 3, 8, 0, tzinfo=UTC)),  # into summer
        (datetime(2027, 10, 1, 10, 0, tzinfo=PARIS), datetime(2027, 11, 12, 9, 0, tzinfo=UTC)),  # into winter
        (datetime(2027, 2, 14, 2, 30, tzinfo=PARIS), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # one that is not
        (
            datetime(2026, 9, 13, 2, 30, tzinfo=PARIS),
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        ),  # one given twice
    ],
)
def test_deadline__change_of_clocks_takes_nothing_away(sent: datetime, ends: datetime) -> None:
    assert window.deadline(sent) == ends


@given(st.datetimes(timezones=st.sampled_from([UTC, PARIS]), **YEARS))
def test_deadline__is_never_before_its_wall_time_six_weeks_later(sent: datetime) -> None:
    ends = window.deadline(sent)
    wall = sent.astimezone(PARIS).replace(tzinfo=None) + timedelta(days=42)
    late = ends.astimezone(PARIS).replace(tzinfo=None) - wall
    assert late in (timedelta(0), timedelta(hours=1))
    assert window.last_day(ends) < ends.astimezone(PARIS).date() == window.opening_day(ends)


def test_deadline__other_zones_count_from_paris() -> None:
    guadeloupe = timezone(timedelta(hours=-4))
    assert window.deadline(datetime(2027, 1, 31, 19, 0, tzinfo=guadeloupe)) == window.deadline(date(2027, 2, 1))
    with pytest.raises(ValueError, match="zone"):
        window.deadline(datetime(2027, 2, 1))  # noqa: DTZ001


def test_code__same_secret_person_generation_give_the_same_signs() -> None:
    person = uuid.UUID(int=7)
    assert codes.derive(SECRET, person) == codes.derive(SECRET, person) == "3KW4XZRTSXZM"
    assert len({codes.derive(SECRET, person, turn) for turn in range(100)}) == 100
    assert codes.derive(SECRET, person) != codes.derive(bytes(32), person)


def test_code__a_million_are_all_different_and_evenly_spread() -> None:
    """T01: chi-square over the 12 x 32 signs and no collision in 10^6 codes."""
    made = {codes.derive(SECRET, uuid.UUID(int=number)) for number in range(1_000_000)}
    assert len(made) == 1_000_000
    expected = len(made) / 32
    for place in range(codes.SIGNS):
        counts = Counter(code[place] for code in made)
        assert set(counts) == set(codes.ALPHABET)
        # 31 degrees of freedom: one honest run in a million is above 85; the skipped words add a little.
        assert sum((count - expected) ** 2 / expected for count in counts.values()) < 100


def test_code__guessing_opens_less_than_a_millionth_record() -> None:
    """T01: every one of 68 million people, 15 tries each, against 60 bits."""
    assert 68e6 * 15 / 32**codes.SIGNS < 1e-6


@pytest.mark.parametrize("word", ["C0N", "MERDE", "M3RD3", "PVTE", "FVCK", "N1QVE", "5H1T"])
def test_code__shows_no_word_that_offends(word: str) -> None:
    assert codes.offends(f"7{word}KQ92XZ9")
    assert not any(codes.offends(codes.derive(SECRET, uuid.UUID(int=number))) for number in range(20_000))


@pytest.mark.parametrize(
    "typed",
    ["7K2M9QW4X01Z", "7k2m-9qw4-xolz", " 7K2M 9QW4 XO1Z ", "7K2M\u20119QW4\u2011X0IZ", "7K2M\u00a09QW4\u202fX01Z",
     "7k2m.9qw4.x01z"],
)  # fmt: skip
def test_code__is_read_however_it_is_typed(typed: str) -> None:
    assert codes.normalise(typed) == "7K2M9QW4X01Z"


@pytest.mark.parametrize(
    "typed",
    ["", "7K2M9QW4X01", "7K2M9QW4X01ZZ", "7K2M9QW4X01U", "7K2M9QW4X01é", "7K2M9QW4X0ıZ", "７K2M9QW4X01Z",
     "7K2M/9QW4/X01Z", "7K2M9QW4X01Z\0", "ß2M9QW4X01Z", "7" * 10_000, " " * 10_000],
)  # fmt: skip
def test_code__anything_else_is_refused_with_its_rule(typed: str) -> None:
    with pytest.raises(Invalid) as told:
        codes.normalise(typed)
    assert (told.value.field, told.value.rule) == ("code", "ENR-4")
    assert typed not in told.value.message or not typed.strip()


@given(st.text(max_size=100))
def test_code__no_text_breaks_the_reader(typed: str) -> None:
    try:
        code = codes.normalise(typed)
    except Invalid:
        return
    assert codes.normalise(codes.shown(code)) == code


def test_code__shown_and_spelled() -> None:
    assert codes.shown("7K2M9QW4X01Z") == "7K2M-9QW4-X01Z"
    assert codes.spelled("7K2M9QW4X01Z") == "7 K 2 M, 9 Q W 4, X 0 1 Z"


@given(st.integers(0, references.BATCHES - 1), st.integers(0, references.PLACES - 1))
def test_reference__is_read_back(batch: int, place: int) -> None:
    assert references.read(references.of(batch, place)) == (batch, place)
    assert references.read(references.of(batch, place).lower().replace("0", "o").replace("1", "l")) == (batch, place)


def test_reference__one_wrong_sign_or_two_swapped_are_seen() -> None:
    reference = references.of(4_217, 913_345)
    signs = reference.replace("-", "")
    for at in range(12):
        wrong = [signs[:at] + sign + signs[at + 1 :] for sign in codes.ALPHABET if sign != signs[at]]
        swapped = [
            "".join(signs[{at: other, other: at}.get(spot, spot)] for spot in range(12))
            for other in range(12)
            if signs[other] != signs[at]
        ]
        for text in wrong + swapped:
            with pytest.raises(Invalid):
                references.read(text)


@given(st.text(max_size=60))
def test_reference__no_text_breaks_the_reader(typed: str) -> None:
    for read in (references.read, references.read_slip):
        with suppress(Invalid):
            assert read(typed)


def test_slip__is_read_back_and_nothing_else_is() -> None:
    reference = references.of(12, 34)
    written = references.slip(reference, "0123456789abcdef")
    assert references.read_slip(written) == (reference, "0123456789abcdef")
    for bad in ("HSR1:", written[:-1], written.replace("HSR1", "HSR2"), f"{written}0", "https://example.org/start#ABC"):
        with pytest.raises(Invalid):
            references.read_slip(bad)


def test_texts__both_languages_say_the_same_things() -> None:
    for version in texts.versions():
        shapes = {}
        for language in texts.LANGUAGES:
            found = texts._read(version, language)
            shapes[language] = {name: _shape(dict(words)) for name, words in found.items()}
        assert shapes["fr"] == shapes["en"]


def test_texts__digest_belongs_to_version_and_language() -> None:
    assert texts.VERSION in texts.versions()
    assert len(texts.VERSION) <= 16
    french, english = texts.digest(texts.VERSION, "fr"), texts.digest(texts.VERSION, "en")
    assert len(french) == 64 and french != english
    assert texts.digest(texts.VERSION, "fr-CA") == french == texts.digest(texts.VERSION, "xx")
    with pytest.raises(KeyError):
        texts.text("letter", "fr", "1999-01")


def test_texts__french_keeps_its_spaces_and_apostrophes() -> None:
    for words in texts._read(texts.VERSION, "fr").values():
        for sentence in _sentences(dict(words)):
            assert "'" not in sentence
            assert not any(f" {mark}" in sentence for mark in "?!:;»"), sentence


def test_texts__days_in_words() -> None:
    assert texts.day(date(2027, 3, 1), "fr") == "lundi 1er mars 2027"
    assert texts.day(date(2027, 3, 15), "en") == "Monday 15 March 2027"


def _sentences(found: object) -> list[str]:
    if isinstance(found, str):
        return [found]
    inner = found.values() if isinstance(found, dict) else found
    assert isinstance(inner, list | type({}.values()))
    return [sentence for part in inner for sentence in _sentences(part)]


def _shape(found: object) -> object:
    """The keys, the lengths and the {places} of a text."""
    if isinstance(found, dict):
        return {key: _shape(part) for key, part in found.items()}
    if isinstance(found, list):
        return [len(found)]
    return sorted({part.split("}")[0] for part in str(found).split("{")[1:]})
