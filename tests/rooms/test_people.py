"""The directory, accounts and the tokens of software."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from healthspace.common import clock
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.common.ids import new_id
from healthspace.people import actions, reads, rules
from healthspace.people.models import Account, Institution, Professional, Software
from healthspace.people.reads import tokens
from healthspace.vault import reads as vault
from tests import people


@pytest.mark.parametrize("number", ["99700218896", "01234567897", "10000000017"])
def test_is_rpps__published_numbers(number):
    assert rules.is_rpps(number)
    assert not rules.is_rpps(number[:10] + str((int(number[10]) + 1) % 10))


@pytest.mark.parametrize("number", ["", "9970021889", "997002188961", "9970021889A", "9970021889٦"])
def test_is_rpps__anything_else_is_not(number):
    assert not rules.is_rpps(number)


@pytest.mark.parametrize("number", ["750803447", "750300550", "920008059"])
def test_is_finess__real_ones(number):
    assert rules.is_finess(number)
    assert not rules.is_finess(number[:8] + str((int(number[8]) + 1) % 10))


def test_ensure_professional__twice_is_once_and_brings_up_to_date():
    rpps = people.new_rpps()
    first = actions.ensure_professional(rpps=rpps, family_name="Lê", first_name="Anh", profession="60")
    second = actions.ensure_professional(rpps=rpps, family_name="Lê-Martin", first_name="Anh", profession="60")
    assert first == second
    assert reads.professional(first).name == "Anh Lê-Martin"


def test_ensure_professional__doctors_are_called_dr():
    doctor = people.dr_nguyen()
    assert reads.professional(doctor.id).name == "Dr Linh Nguyen"
    assert reads.professional_by_rpps(doctor.rpps) == reads.professional(doctor.id)


@pytest.mark.parametrize("change", [{"rpps": "12345678901"}, {"profession": "999"}])
def test_ensure_professional__wrong_number_or_profession_is_invalid(change):
    order = {"rpps": people.new_rpps(), "family_name": "X", "first_name": "Y", "profession": "10"} | change
    with pytest.raises(Invalid):
        actions.ensure_professional(**order)


@pytest.mark.parametrize("change", [{"finess": "750803448"}, {"facility_type": "ZZ"}, {"setting": "ZZ"}])
def test_ensure_institution__wrong_code_is_invalid(change):
    order = {"finess": people.new_finess(), "name": "X", "facility_type": "SA01"} | change
    with pytest.raises(Invalid):
        actions.ensure_institution(**order)


def test_professional__absent_is_refused():
    with pytest.raises(Refused):
        reads.professional(new_id())
    with pytest.raises(Refused):
        reads.institution(new_id())


def test_find_professionals__by_beginnings_in_any_order_without_accents():
    family = f"Zélie{new_id().hex[:8]}"
    wanted = people.professional(family, "Jean-Noël", "21")
    for text in (family, f"jean {family}", f"{family.upper()} noel", wanted.rpps, family[:9]):
        assert wanted.id in [card.id for card in reads.find_professionals(text)], text
    for text in ("", "  ", f"{family} marie", "%", "_"):
        assert wanted.id not in [card.id for card in reads.find_professionals(text)], text


def test_find_professionals__those_who_stopped_are_not_found():
    doctor = people.dr_nguyen()
    Professional.objects.filter(id=doctor.id).update(is_active=False)
    assert reads.find_professionals(doctor.rpps) == []


def test_practices__a_place_twice_is_once():
    doctor, hospital = people.dr_nguyen(), people.rivemont()
    for _ in range(2):
        actions.add_practice(professional_id=doctor.id, institution_id=hospital.id)
    assert {place.id for place in reads.practices(doctor.id)} == {doctor.institution_id, hospital.id}


def test_actor_of__holder_acts_for_their_own_space_only():
    amina = people.amina()
    actor = reads.actor_of_account(amina.account_id)
    assert actor is not None
    assert (actor.kind, actor.person_id, actor.professional_id) == ("holder", amina.person_id, None)


def test_actor_of__professional_acts_for_a_place_where_they_work():
    doctor, hospital = people.dr_nguyen(), people.rivemont()
    actor = reads.actor_of_account(doctor.account_id)
    assert actor is not None
    assert (actor.kind, actor.profession, actor.institution_id) == ("professional", "10", doctor.institution_id)
    assert reads.actor_of_account(doctor.account_id, hospital.id) is None
    actions.add_practice(professional_id=doctor.id, institution_id=hospital.id)
    at_hospital = reads.actor_of_account(doctor.account_id, hospital.id)
    assert at_hospital is not None
    assert at_hospital.institution_id == hospital.id
    undecided = reads.actor_of_account(doctor.account_id)
    assert undecided is not None
    assert undecided.institution_id is None


def test_actor_of__nobody_behind_a_closed_account_or_a_professional_who_stopped():
    amina, doctor = people.amina(), people.dr_nguyen()
    actions.close_account(account_id=amina.account_id)
    Professional.objects.filter(id=doctor.id).update(is_active=False)
    assert reads.actor_of_account(amina.account_id) is None
    assert reads.actor_of_account(doctor.account_id) is None
    assert reads.actor_of_account(new_id()) is None


def test_create_account__login_taken_is_a_conflict():
    amina = people.amina()
    with pytest.raises(Conflict):
        actions.create_account(login=amina.login, password=people.PASSWORD, kind="holder", person_id=amina.person_id)


@pytest.mark.parametrize(
    "login",
    ["short", "Amina.Benali", "amina@example.org", "amina benali", "279035121518989", "2.79.03.51.215.189",
     "fr7612345678", "a" * 101, "aminaé123", "284052a32102552"],
)  # fmt: skip
def test_create_account__login_outside_the_rule_is_invalid(login):
    with pytest.raises(Invalid) as fault:
        actions.create_account(login=login, password=people.PASSWORD, kind="support")
    assert fault.value.rule == "LOG-3"


@pytest.mark.parametrize(
    "password", ["", "elevenchars", "x" * 129, "my.login.id and more", "password1234", "qwertyuiop123"]
)
def test_create_account__weak_password_is_invalid(password):
    with pytest.raises(Invalid) as fault:
        actions.create_account(login="my.login.id", password=password, kind="support")
    assert fault.value.rule == "LOG-4"
    assert not password or password not in str(fault.value)


def test_create_account__password_is_kept_as_argon2id_and_of_no_composition():
    amina = people.amina()
    kept = Account.objects.get(login_key=vault.find_key("login", amina.login).hex()).password
    assert kept.startswith("argon2$argon2id$")
    assert people.PASSWORD not in kept


def test_hasher__the_three_figures_of_the_real_one(settings):
    from healthspace.config.hashers import Argon2

    assert (Argon2.memory_cost, Argon2.time_cost, Argon2.parallelism) == (46 * 1024, 1, 1)


def test_account__holds_no_name_and_no_address():
    columns = {field.name for field in Account._meta.get_fields()}
    assert not {"email", "name", "first_name", "last_name", "phone"} & columns


def test_actor_by_token__software_acts_for_its_structure():
    hospital = people.rivemont()
    actor = reads.actor_by_token(hospital.token)
    assert actor is not None
    assert (actor.kind, actor.id, actor.software) == ("institution", hospital.id, "Rivemont DPI")


def test_actor_by_token__names_the_real_user_when_it_has_one():
    hospital = people.rivemont()
    doctor = people.dr_nguyen(hospital)
    token = actions.issue_token(software_id=hospital.software_id, professional_id=doctor.id)
    actor = reads.actor_by_token(token)
    assert actor is not None
    assert (actor.kind, actor.name, actor.institution_id) == ("professional", "Dr Linh Nguyen", hospital.id)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "é\ud800"])
def test_actor_by_token__unknown_is_nobody(token):
    assert reads.actor_by_token(token) is None


def test_actor_by_token__only_its_digest_is_kept(owner_connection):
    hospital = people.rivemont()
    rows = owner_connection.execute("SELECT row_to_json(t)::text FROM people_token t").fetchall()
    assert not any(hospital.token in row[0] for row in rows)
    assert len(hospital.token) == 43


def test_revoke_token__here_at_once():
    hospital = people.rivemont()
    assert reads.actor_by_token(hospital.token)
    actions.revoke_token(hospital.token)
    assert reads.actor_by_token(hospital.token) is None


def test_revoke_token__elsewhere_within_15_seconds(owner_connection):
    hospital = people.rivemont()
    with time_machine.travel(clock.now(), tick=False) as travel:
        assert reads.actor_by_token(hospital.token)
        owner_connection.execute(
            "UPDATE people_token SET revoked_at = now() WHERE digest = %s", [reads.token_digest(hospital.token)]
        )
        assert reads.actor_by_token(hospital.token)
        travel.shift(15)
        assert reads.actor_by_token(hospital.token) is None


def test_actor_by_token__ends_with_the_token_even_while_remembered():
    hospital = people.rivemont()
    token = actions.issue_token(software_id=hospital.software_id, valid_for=timedelta(seconds=5))
    with time_machine.travel(clock.now(), tick=False) as travel:
        assert reads.actor_by_token(token)
        travel.shift(5)
        assert reads.actor_by_token(token) is None


@pytest.mark.parametrize("table", [Software, Institution, Professional])
def test_actor_by_token__nobody_once_software_structure_or_professional_stopped(table):
    hospital = people.rivemont()
    doctor = people.dr_nguyen(hospital)
    token = actions.issue_token(software_id=hospital.software_id, professional_id=doctor.id)
    ids = {Software: hospital.software_id, Institution: hospital.id, Professional: doctor.id}
    table.objects.filter(id=ids[table]).update(is_active=False)
    assert reads.actor_by_token(token) is None


def test_actor_by_token__memory_is_bounded_and_bears_threads(monkeypatch):
    monkeypatch.setattr(tokens, "MOST_TOKENS", 50)
    hospital, at = people.rivemont(), clock.now()
    memory = tokens._Memory()

    def fill(part: int) -> None:
        for number in range(200):
            digest = f"{part}-{number}".encode()
            memory.put(digest, hospital.actor, at, at + timedelta(days=1))
            memory.get(digest, at)

    threads = [threading.Thread(target=fill, args=(part,)) for part in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(memory._known) <= 50


def test_actor__a_door_can_name_the_session():
    amina = people.amina()
    assert replace(amina.actor, session_id="s").session_id == "s"
