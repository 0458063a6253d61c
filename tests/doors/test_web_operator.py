"""The operator's pages and the phone desk: each for its own people, nothing of anybody's health."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import pytest
from django.test import Client

from healthspace.enrolment import models
from healthspace.enrolment.actions import counting
from healthspace.people import actions as accounts
from tests import people
from tests.factories import enrollees
from tests.rooms.ledger import connected

PAGES = (
    "/operator/",
    "/operator/waves/",
    *(f"/operator/numbers/{by}/" for by in ("department", "ages", "channel", "wave")),
)


def signed_in(kind: str) -> Client:
    login = f"agent-{secrets.token_hex(6)}"
    accounts.create_account(login=login, password=people.PASSWORD, kind=kind)
    client = Client()
    answer = client.post("/sign-in/", {"login": login, "password": people.PASSWORD})
    assert answer.status_code == 302, answer.content[:300]
    assert client.get("/")["Location"] == f"/{kind}/"
    return client


@pytest.fixture(scope="module")
def operator() -> Client:
    return signed_in("operator")


@pytest.fixture(scope="module")
def agent() -> Client:
    return signed_in("support")


@pytest.fixture(scope="module", autouse=True)
def _counted() -> None:
    for department, state in (("31", "informed"), ("44", "open_inactive")):
        for _ in range(11):
            enrollees.adult(department=department, state=state, has_care_history=True)
    enrollees.adult(department="80", state="informed")
    with connected("worker"):
        counting.count_once()


@pytest.mark.parametrize("page", PAGES)
def test_pages__operator_reads_them_and_no_one_else(page: str, operator: Client, agent: Client) -> None:
    assert operator.get(page).status_code == 200
    assert agent.get(page).status_code == 404
    assert Client().get(page).status_code == 302


def test_breakdown__small_groups_are_told_in_words_and_not_in_the_csv(operator: Client) -> None:
    page = operator.get("/operator/numbers/department/", headers={"accept-language": "en"}).content.decode()
    assert "Haute-Garonne (31)" in page
    assert "not told" in page
    lines = operator.get("/operator/numbers/department/csv/").content.decode().splitlines()
    assert lines[0].startswith("department,name,persons,waiting,informed,refused")
    assert next(line for line in lines if line.startswith("80,")).split(",")[2] == "not told"
    assert operator.get("/operator/numbers/names/").status_code == 404


def test_wave__operator_pauses_it_and_lets_it_go_on(operator: Client, agent: Client) -> None:
    made = models.Wave.objects.create(
        name=f"Wave {secrets.token_hex(4)}", starts_on="2026-01-05", state="running", made_at=datetime.now(UTC)
    )
    assert agent.post(f"/operator/waves/{made.id}/pause/").status_code == 404
    for act, state in (("pause", "paused"), ("pause", "paused"), ("resume", "running")):
        answer = operator.post(f"/operator/waves/{made.id}/{act}/", follow=True)
        assert answer.status_code == 200
        made.refresh_from_db()
        assert made.state == state


def typed(one: enrollees.Enrolled, **more: str) -> dict[str, str]:
    born = one.born_on
    return {
        "matricule": one.matricule, "day": str(born.day), "month": str(born.month), "year": str(born.year),
        "serial": one.card_serial[-11:], "code": "",
    } | more  # fmt: skip


def test_desk__agent_writes_down_a_refusal_and_takes_it_back(agent: Client) -> None:
    amina = enrollees.adult(first_name="AMINA", state="informed")
    found = agent.post("/support/", typed(amina)).content.decode()
    assert "Amina" in found
    done = agent.post("/support/answer/", typed(amina, person=str(amina.person_id), act="refuse"))
    assert done.status_code == 200
    assert enrollees.space(amina.person_id).state == "opposed"
    agent.post("/support/answer/", typed(amina, person=str(amina.person_id), act="withdraw"))
    assert enrollees.space(amina.person_id).state in {"informed", "open_inactive"}


def test_desk__agent_without_the_right_card_finds_nobody(agent: Client) -> None:
    amina = enrollees.adult(first_name="AMINA", state="informed")
    answer = agent.post(
        "/support/answer/", typed(amina, serial="12345678901", person=str(amina.person_id), act="refuse")
    )
    assert "Amina" not in answer.content.decode()
    assert enrollees.space(amina.person_id).state == "informed"


def test_desk__is_for_agents_only(operator: Client) -> None:
    amina = enrollees.adult(state="informed")
    assert operator.post("/support/", typed(amina)).status_code == 404
    assert Client().post("/support/answer/", typed(amina)).status_code == 302
