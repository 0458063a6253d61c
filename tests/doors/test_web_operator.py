"""The operator's pages and the phone desk: each for its own people, nothing of anybody's health."""

from __future__ import annotations

import ast
import csv
import importlib
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from healthspace.enrolment import actions as enrolment_actions
from healthspace.enrolment import models
from healthspace.enrolment.actions import counting
from healthspace.enrolment.actions.cases import open_once
from healthspace.enrolment.reads import numbers
from healthspace.people import actions as accounts
from healthspace.web.operator import pages, told
from tests import people
from tests.factories import enrollees
from tests.page_client import begin_session
from tests.rooms import letters
from tests.rooms.ledger import connected

PAGES = (
    "/operator/",
    "/operator/cases/",
    "/operator/waves/",
    *(f"/operator/numbers/{by}/" for by in ("department", "ages", "channel", "wave")),
)


def signed_in(kind: str) -> Client:
    login = f"agent-{secrets.token_hex(6)}"
    accounts.create_account(login=login, password=people.PASSWORD, kind=kind)
    client = Client()
    begin_session(client, login)
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
    enrollees.adult(department="973", state="informed")
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
    lines = operator.get("/operator/numbers/department/csv/").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("department,name,persons,waiting,informed,refused")
    assert next(line for line in lines if line.startswith("973,")).split(",")[2] == "not told"
    assert operator.get("/operator/numbers/names/").status_code == 404


def statements(operator: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as told:
        assert operator.get(page).status_code == 200
    return sum("enrolment_" in one["sql"] for one in told)


def wave(batches: int = 0, name: str = "") -> models.Wave:
    now = datetime.now(UTC)
    made = models.Wave.objects.create(
        name=name or f"Wave {secrets.token_hex(4)}", starts_on="2026-01-05", state="running", made_at=now
    )
    models.Batch.objects.bulk_create(
        models.Batch(
            wave_id=made.id, channel="post", letters=20, persons=31, sealed_secret=b"x", text_version="1", made_at=now
        )
        for _ in range(batches)
    )
    return made


def test_pages__ask_no_more_when_waves_and_batches_are_many(operator: Client) -> None:
    made = wave(1)
    pages = (
        "/operator/waves/", f"/operator/waves/{made.id}/", "/operator/numbers/department/csv/",
        *(f"/operator/numbers/{by}/" for by in ("department", "wave")),
    )  # fmt: skip
    few = [statements(operator, page) for page in pages]
    assert max(few) <= 3
    for _ in range(8):
        wave(30)
    with connected("worker"):
        counting.count_once()
    assert [statements(operator, page) for page in pages] == few


def test_wave__its_batches_come_a_hundred_a_page(operator: Client) -> None:
    made = wave(pages.BATCHES + 3)
    first = operator.get(f"/operator/waves/{made.id}/", headers={"accept-language": "en"}).content.decode()
    numbers = [str(one.id) for one in models.Batch.objects.filter(wave_id=made.id).order_by("id")]
    shown = re.findall(r'<th scope="row">(\d+)</th>', first)
    assert shown == numbers[: pages.BATCHES]
    following = re.search(r'href="(\?after=\d+)"', first)
    assert following
    second = operator.get(f"/operator/waves/{made.id}/{following[1]}").content.decode()
    assert re.findall(r'<th scope="row">(\d+)</th>', second) == numbers[pages.BATCHES :]
    assert operator.get(f"/operator/waves/{made.id}/?after=x").status_code == 200
    assert operator.get("/operator/waves/999999999/").status_code == 404


def test_wave__of_few_people_tells_no_small_number(operator: Client) -> None:
    made = wave(1)
    models.Batch.objects.filter(wave_id=made.id).update(letters=3, persons=3, bounced=1)
    page = operator.get(f"/operator/waves/{made.id}/", headers={"accept-language": "en"}).content.decode()
    assert "under 10" in page
    assert not re.search(r"<dd>[1-9]</dd>|<td>[1-9]( |<)", page)


def test_export__a_name_is_no_formula_and_the_empty_rate_is_there(operator: Client) -> None:
    made = wave(1, name=f"=HYPERLINK(1)&{secrets.token_hex(4)}")
    models.Count.objects.create(
        as_of=numbers.counted_at(), wave_id=made.id, department="31", ages="30-44", channel="post",
        state="open_inactive", information="sent", persons=40, empty_shells=10,
    )  # fmt: skip
    text = operator.get("/operator/numbers/wave/csv/").content.decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    (row,) = [row for row in rows if "HYPERLINK" in row[1]]
    assert row[1].startswith("'=")
    assert (rows[0][-1], row[-1]) in {("empty_percent", "25.00"), ("empty_percent", "")}


def test_cases__told_in_plain_words_and_without_anybody(operator: Client) -> None:
    lost = enrollees.adult().person_id
    with connected("worker"):
        open_once([lost], kind="unreachable")
        counting.count_once()
    for language, words in (("en", "Neither e-mail nor address works"), ("fr", "Ni courriel ni adresse va")):
        page = operator.get("/operator/cases/", headers={"accept-language": language}).content.decode()
        assert words in page
        assert str(lost) not in page


def kinds_written() -> set[str]:
    """Every kind of case that an action opens."""
    found: set[str] = set()
    folder = Path(enrolment_actions.__file__).parent
    for path in folder.glob("*.py"):
        module = importlib.import_module(f"healthspace.enrolment.actions.{path.stem}")
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call):
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                given = {word.arg: word.value for word in call.keywords}
                if name in {"_open_case", "order_letter"}:
                    found |= told_kind(module, call.args[1])
                elif name == "open_once" or "Case.objects.create" in ast.unparse(call.func):
                    found |= told_kind(module, given["kind"])
    return found


def told_kind(module: Any, value: ast.expr) -> set[str]:
    if isinstance(value, ast.Constant):
        return {str(value.value)}
    if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name):
        return {getattr(getattr(module, value.value.id), value.attr)}
    assert isinstance(value, ast.Name)
    return {getattr(module, value.id)} if hasattr(module, value.id) else set()


def test_cases__each_kind_that_is_opened_has_its_words() -> None:
    kinds = kinds_written()
    assert {"unreachable", "merge", "code_letter"} <= kinds
    assert kinds <= set(told.CASES)


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


def test_desk__a_code_is_ordered_with_the_card_and_asked_for_without(agent: Client) -> None:
    told = letters.told()
    born = {"day": str(told.born_on.day), "month": str(told.born_on.month), "year": str(told.born_on.year)}
    proof = {"matricule": told.ins.matricule, "code": told.code, "serial": "", **born}
    assert "Amina" in agent.post("/support/", proof).content.decode()
    answer = agent.post("/support/answer/", proof | {"act": "code"}, headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert "ask for the serial number" in answer.content.decode()
    answer = agent.post("/support/answer/", proof | {"act": "code", "serial": told.serial, "code": ""})
    assert answer.status_code == 200
    refused = agent.post("/support/answer/", proof | {"act": "refuse", "person": str(told.person_id)})
    assert refused.status_code == 200
    assert enrollees.space(told.person_id).state == "opposed"


def test_desk__agent_closes_what_the_law_opened_and_asks_for_it_back(agent: Client) -> None:
    amina = enrollees.adult(first_name="AMINA", state="open_inactive")
    found = agent.post("/support/", typed(amina), headers={"accept-language": "en"}).content.decode()
    assert "Write down that Amina" in found
    answer = agent.post("/support/answer/", typed(amina, person=str(amina.person_id), act="close"))
    assert answer.status_code == 200
    assert enrollees.space(amina.person_id).state == "closed"
    found = agent.post("/support/", typed(amina), headers={"accept-language": "en"})
    assert found.status_code == 200
    assert "can be opened again" in found.content.decode()
    assert agent.post("/support/answer/", typed(amina, person=str(amina.person_id), act="reopen")).status_code == 200


def test_desk__an_adults_space_in_use_is_not_closed_by_phone(agent: Client) -> None:
    amina = enrollees.adult(first_name="AMINA", state="active")
    page = agent.post("/support/answer/", typed(amina, person=str(amina.person_id), act="close"))
    assert page.status_code == 200
    assert enrollees.space(amina.person_id).state == "active"
