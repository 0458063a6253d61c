"""Turns the stories of a person's health into documents, spread over six years up to today."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from healthspace.demo import cast
from healthspace.demo.cast import Villager
from healthspace.demo.make import laboratory, letters, medicines, numbers, vaccines
from healthspace.demo.make.parts import Header, Maker
from healthspace.terminology import reads as terminology

PARIS = ZoneInfo("Europe/Paris")
MONTH = 30.44
TYPES = {
    "laboratory": "11502-2", "prescription": "57833-6", "dispensation": "60593-1", "discharge": "11490-0",
    "imaging": "18748-4", "imaging_pdf": "18748-4", "letter": "11488-4", "referral": "96349-6",
    "certificate": "89601-9", "stay": "34112-3", "photo": "DOCPAT02", "text": "11506-3",
    "vaccination": "87273-9", "prescription_pdf": "57832-8",
}  # fmt: skip
ELDER = 18


@dataclass(frozen=True, slots=True)
class Moment:
    """One document to come: who, when, what; `key` is stable, whatever the day of today."""

    key: str
    villager: Villager
    day: date
    kind: str
    by: str
    step: dict[str, Any] = field(repr=False)
    is_first: bool = False
    lines: tuple[medicines.Line, ...] = ()
    follows: str = ""

    @property
    def made_at(self) -> datetime:
        minutes = numbers.draw(self.key, below=540)
        return datetime.combine(self.day, time(8), tzinfo=PARIS) + timedelta(minutes=minutes)

    @property
    def unique_id(self) -> str:
        return numbers.unique_oid("document", self.key)

    @property
    def type_code(self) -> str:
        return str(self.step.get("type") or TYPES[self.kind])

    @property
    def title(self) -> str:
        return str(self.step["title"])

    @property
    def maker(self) -> Maker | None:
        """The professional who writes; None when the holder does."""
        return None if self.by == "holder" else cast.makers()[self.by]


def header(moment: Moment, maker: Maker) -> Header:
    """The header of a moment's document."""
    stay = timedelta(days=int(moment.step.get("days", 0)))
    kind = terminology.document_type(moment.type_code)
    return Header(
        unique_id=moment.unique_id,
        type_code=moment.type_code,
        type_label=kind.fr,
        title=moment.title,
        made_at=moment.made_at,
        subject=moment.villager.subject,
        author=maker,
        attending=cast.makers()[moment.villager.attending],
        service_start=moment.made_at - stay if stay else None,
        service_stop=moment.made_at if stay else None,
        confidentiality=tuple(moment.step.get("hide", ())),
    )


def moments(villager: Villager, today: date) -> Iterator[Moment]:
    """All documents of a person, story by story."""
    content = cast.read("stories.json")
    for story in villager.stories:
        for place, step in enumerate(content[story]["steps"]):
            yield from _repeated(villager, story, place, step, today)
    yield from _whole_life(villager, today)


def _repeated(villager: Villager, story: str, place: int, step: dict[str, Any], today: date) -> Iterator[Moment]:
    for turn, day in enumerate(_days(step, villager, story, today)):
        is_born = day > villager.subject.born_on + timedelta(days=1)
        if not is_born or villager.subject.age_on(day) < step.get("from_age", 0):
            continue
        if villager.state == "deceased" and (today - day).days < 30 * 20:
            continue
        by = villager.attending if step["by"] == "attending" else step["by"]
        key = f"{villager.key}:{story}:{place}:{turn}"
        lines = tuple(
            medicines.Line(name, day, days, renewals, is_long_illness=is_long)
            for name, days, renewals, is_long in step.get("medicines", ())
        )
        yield Moment(key, villager, day, step["kind"], by, step, is_first=turn == 0, lines=lines)
        if step.get("dispensed"):
            shown = {"title": "Médicaments délivrés", "masked": step.get("masked", False)}
            after = day + timedelta(days=1)
            follows = numbers.unique_oid("document", key)
            yield Moment(f"{key}:d", villager, after, "dispensation", "lacombe", shown, lines=lines, follows=follows)


def _days(step: dict[str, Any], villager: Villager, story: str, today: date) -> list[date]:
    if "days_ago" in step:
        return [today - timedelta(days=step["days_ago"])]
    shift = numbers.draw(villager.key, story, step["title"], below=24)
    first = step["months_ago"]
    every = step.get("every", 0)
    ago = list(range(first, 0, -every)) if every else [first]
    days = [today - timedelta(days=int(months * MONTH) - step.get("day", 0) + shift) for months in ago]
    return [day for day in days if day < today]


def _whole_life(villager: Villager, today: date) -> Iterator[Moment]:
    """What does not belong to one story: the vaccination history, and the summary of who is treated."""
    if villager.state != "open":
        return
    shots = vaccines.calendar(villager.subject, today - timedelta(days=20))
    if shots and villager.subject.age_on(today) < 40:
        step: dict[str, Any] = {"title": "Carnet de vaccination", "type": "11369-6"}
        day = today - timedelta(days=19 - numbers.draw(villager.key, "shots", below=10))
        yield Moment(f"{villager.key}:vaccines", villager, day, "vaccines", villager.attending, step)
    if shots and villager.subject.age_on(today) < ELDER:
        last = shots[-1]
        step = {"title": f"Vaccination : {vaccines.vaccine(last.key)['short']}", "vaccine": last.key, "rank": last.rank}
        yield Moment(f"{villager.key}:shot", villager, last.given_on, "vaccination", villager.attending, step)
    if portrait(villager, today).problems:
        step = {"title": "Synthèse médicale du médecin traitant", "type": "SYNTH"}
        day = today - timedelta(days=40 + numbers.draw(villager.key, "summary", below=200))
        yield Moment(f"{villager.key}:summary", villager, day, "summary", villager.attending, step)


def portrait(villager: Villager, today: date) -> letters.Portrait:
    """The person's problems, treatments and points to watch, gathered from the stories."""
    content = cast.read("stories.json")
    told = [content[story] for story in villager.stories if content[story]["problem"]]
    allergies = tuple(letters.Allergy(*one["allergy"]) for one in told if "allergy" in one)
    return letters.Portrait(
        problems=tuple(letters.Problem(*one["problem"]) for one in told),
        history=(),
        allergies=allergies,
        family=tuple(text for one in told for text in one["family"]),
        treatments=tuple(
            medicines.Line(name, today - timedelta(days=60), days, renewals, is_long_illness=is_long)
            for one in told
            for name, days, renewals, is_long in one["medicines"]
        ),
        watch=tuple(text for one in told for text in one["watch"]),
    )


def story_problem(moment: Moment) -> letters.Problem | None:
    """The disease that the moment's own story is about."""
    found = cast.read("stories.json")[moment.key.split(":")[1]]["problem"]
    return letters.Problem(*found) if found else None


def results(moment: Moment) -> dict[str, laboratory.Result]:
    """The values of a laboratory report: drawn from the moment's key, so always the same."""
    levels = dict(moment.step.get("levels", {}))
    if moment.is_first:
        levels |= moment.step.get("first_levels", {})
    chance = Random(moment.key)  # noqa: S311 - invented values, not secrets
    return laboratory.measure(tuple(moment.step["panels"]), levels, chance)
