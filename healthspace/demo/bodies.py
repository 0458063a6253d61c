"""The bytes of each moment's document, and their media type."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from healthspace.demo import cast
from healthspace.demo.cast import Villager
from healthspace.demo.make import laboratory, letters, medicines, pdf, photo, vaccines
from healthspace.demo.make.parts import Header
from healthspace.demo.stories import Moment, header, portrait, results, story_problem

CDA, PDF, JPEG, TEXT = "text/xml", "application/pdf", "image/jpeg", "text/plain"


def body(moment: Moment) -> tuple[bytes, str]:
    """Content and media type of a moment."""
    if moment.maker is None:
        return _of_holder(moment)
    head = header(moment, moment.maker)
    write, media_type = WRITERS[moment.kind]
    return write(moment, head), media_type


def words(villager: Villager, moment: Moment) -> dict[str, Any]:
    """What the texts of a story may name."""
    author = moment.maker
    return {
        "name": villager.subject.shown_name,
        "age": villager.subject.age_on(moment.day),
        "e": "e" if villager.subject.sex == "F" else "",
        "e_author": "e" if author and author.first_name in {"Linh", "Sofia", "Elsa", "Maud", "Paula", "Nour"} else "",
    }


def texts(moment: Moment) -> tuple[str, ...]:
    """The paragraphs of a moment, with the person's name and age."""
    known = words(moment.villager, moment)
    return tuple(text.format(**known) for text in moment.step.get("text", ()))


def _of_holder(moment: Moment) -> tuple[bytes, str]:
    if moment.kind == "photo":
        chance = Random(moment.key)  # noqa: S311 - a tilt, not a secret
        return photo.paper("Ordonnance", texts(moment), chance), JPEG
    return ("\n".join(texts(moment)) + "\n").encode(), TEXT


def _letter(moment: Moment, head: Header) -> bytes:
    known = cast.makers().get(
        moment.villager.attending if moment.step.get("to") == "attending" else moment.step.get("to", "")
    )
    if known is None or known.key == head.author.key:
        return pdf.letter(head, texts(moment))
    name = f"{known.shown_name}, {known.place.name}"
    return pdf.letter(head, texts(moment), addressee=name, greeting="Cher confrère, chère consœur,")


def _level_one(moment: Moment, head: Header) -> bytes:
    return letters.level_one(head, _letter(moment, head), PDF)


def _text(moment: Moment, head: Header) -> bytes:
    top = (head.title, f"{head.author.shown_name}, {head.author.label}, {moment.day:%d/%m/%Y}", "")
    return ("\n".join((*top, *texts(moment))) + "\n").encode()


def _laboratory(moment: Moment, head: Header) -> bytes:
    found = results(moment)
    is_normal = all(one.flag == "N" for one in found.values())
    comment = "" if is_normal else moment.step.get("comment", "")
    if moment.is_first:
        comment = moment.step.get("first_comment", comment)
    return laboratory.report(head, tuple(moment.step["panels"]), found, comment)


def _prescription(moment: Moment, head: Header) -> bytes:
    return medicines.prescription(head, moment.lines)


def _dispensation(moment: Moment, head: Header) -> bytes:
    return medicines.dispensation(head, moment.lines, moment.follows)


def _discharge(moment: Moment, head: Header) -> bytes:
    reason, story, follow_up = moment.step["stay"]
    known = words(moment.villager, moment)
    told = portrait(moment.villager, moment.day)
    stay = letters.Stay(
        reason=reason,
        story=tuple(text.format(**known) for text in story),
        problem=story_problem(moment) or told.problems[0],
        treatments=tuple(
            medicines.Line(line.key, moment.day, line.days, line.renewals, is_long_illness=line.is_long_illness)
            for line in told.treatments
        ),
        follow_up=tuple(follow_up),
    )
    return letters.discharge(head, stay)


def _imaging(moment: Moment, head: Header) -> bytes:
    name, reason, technique, findings, conclusion = moment.step["examination"]
    return letters.imaging(head, letters.Examination(name, reason, technique, tuple(findings), conclusion))


def _vaccination(moment: Moment, head: Header) -> bytes:
    key = moment.step["vaccine"]
    rank = moment.step.get("rank") or moment.day.year - 2019
    return vaccines.note(head, vaccines.shot(moment.villager.subject, key, moment.day, rank))


def _vaccines(moment: Moment, head: Header) -> bytes:
    return vaccines.history(head, vaccines.calendar(moment.villager.subject, moment.day - timedelta(days=1)))


def _summary(moment: Moment, head: Header) -> bytes:
    return letters.summary(head, portrait(moment.villager, moment.day))


WRITERS: dict[str, tuple[Callable[[Moment, Header], bytes], str]] = {
    "laboratory": (_laboratory, CDA),
    "prescription": (_prescription, CDA),
    "dispensation": (_dispensation, CDA),
    "discharge": (_discharge, CDA),
    "imaging": (_imaging, CDA),
    "vaccination": (_vaccination, CDA),
    "vaccines": (_vaccines, CDA),
    "summary": (_summary, CDA),
    "level_one": (_level_one, CDA),
    "letter": (_letter, PDF),
    "referral": (_letter, PDF),
    "certificate": (_letter, PDF),
    "stay": (_letter, PDF),
    "imaging_pdf": (_letter, PDF),
    "prescription_pdf": (_letter, PDF),
    "text": (_text, TEXT),
}
