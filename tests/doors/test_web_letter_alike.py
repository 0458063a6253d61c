"""Answers to codes are alike whoever asks (T03); an open space is closed with its code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.spaces import actions as spaces
from tests import people
from tests.doors.test_web_letter import TOKENS, came_in, opened, tried
from tests.factories import enrollees
from tests.factories.letters import Letter, letter
from tests.page_client import PageClient
from tests.roles import as_the_worker


def told(one: Letter) -> tuple[int, str, dict[str, str]]:
    """Everything an answer to a wrong code says."""
    visitor = PageClient()
    visitor.client.get("/start/")
    token = visitor.client.cookies["csrftoken"].value
    answer = visitor.client.post("/start/", one.fields | {"csrfmiddlewaretoken": token})
    body = TOKENS.sub("", answer.content.decode())
    for typed in one.fields.values():
        body = body.replace(f'value="{typed}"', "value")
    headers = {name: value for name, value in answer.headers.items() if name not in {"Content-Length", "Date"}}
    return answer.status_code, body, headers


def test_wrong_code__answers_alike_for_every_state_and_for_nobody() -> None:
    """T03: seven states and somebody who does not exist; a right number and birth date, a wrong code."""
    wrong = "0" * 12
    informed, opposed, active, locked = letter(), letter(), letter(), letter()
    came_in(opposed).send("/start/refuse/", page="/start/refuse/")
    opened(active, f"camille.{active.code.lower()}")
    for _ in range(5):
        tried(locked, 422, code=wrong)
    dead, waiting = letter(), enrollees.adult()
    spaces.note_death(actor=SYSTEM, person_id=dead.person_id)
    closed = letter()
    opened(closed, f"camille.{closed.code.lower()}")
    nobody = Letter(
        enrollees.Enrolled(SYSTEM.id, people.amina().identity, "", {}),
        wrong,
        people.new_ins(people.around(1980), "F", "31555").matricule,
    )
    cases = [Letter(one.who, wrong, one.matricule) for one in (informed, opposed, active, locked, dead, closed)]
    cases += [Letter(waiting, wrong, waiting.matricule), nobody]
    said = [told(one) for one in cases]
    assert {status for status, _, _ in said} == {422}
    assert len({body for _, body, _ in said}) == 1
    assert all(headers == said[0][2] for _, _, headers in said)
    assert "Ces trois choses ne vont pas ensemble" in said[0][1]


def test_new_code__answers_alike_whether_or_not_anything_leaves() -> None:
    one = letter()
    born_on = one.who.born_on
    asked: dict[str, Any] = {"serial": one.who.card_serial[-11:], "matricule": one.matricule}
    asked |= {"day": str(born_on.day), "month": str(born_on.month), "year": str(born_on.year)}
    right = PageClient().send("/start/new-code/", page="/start/new-code/", **asked)
    other = letter()
    wrong = PageClient().send(
        "/start/new-code/",
        page="/start/new-code/",
        **(asked | {"matricule": other.matricule, "serial": "12345678901"}),
    )
    assert right.address == wrong.address == "/start/new-code/asked/"
    assert TOKENS.sub("", right.text) == TOKENS.sub("", wrong.text)
    soon = PageClient().send("/start/new-code/", 429, page="/start/new-code/", **asked)
    assert "Un instant" in soon.said


def opened_by_law(one: Letter) -> None:
    with as_the_worker():
        spaces.open_due([one.person_id], at=clock.now() + timedelta(days=60))


def test_close__with_the_code_and_without_an_account() -> None:
    one = letter()
    opened_by_law(one)
    visitor = came_in(one)
    assert visitor.visit("/start/choice/").link("Je ferme l’espace") == "/start/close/"
    assert "dix ans" in visitor.visit("/start/close/").said
    done = visitor.send("/start/close/", page="/start/close/")
    assert done.address == "/start/closed/"
    assert enrollees.space(one.person_id).state == "closed"
    proof = visitor.client.get("/start/proof/")
    assert proof.content.startswith(b"%PDF")
    assert visitor.visit("/start/close/").address == "/start/closed/"
    assert visitor.visit("/start/refused/").address == "/start/closed/"


def test_close__a_space_that_is_not_open_yet_is_not_closed_here() -> None:
    one = letter()
    assert came_in(one).visit("/start/close/").address == "/start/choice/"
    assert enrollees.space(one.person_id).state == "informed"


def test_close__nobody_without_a_code() -> None:
    assert PageClient().visit("/start/close/").address == "/start/again/"
    assert PageClient().visit("/start/closed/").address == "/start/again/"
