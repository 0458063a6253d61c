"""Opening a space, finding it, its identity and its state."""

from __future__ import annotations

import threading
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection, transaction

from healthspace.audit import reads as audit
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.outbox import reads as outbox
from healthspace.schema.context import set_context
from healthspace.spaces import actions, reads, rules
from healthspace.spaces.models import Space
from healthspace.vault import actions as keys
from healthspace.vault import reads as vault
from healthspace.vault.reads import KeyDestroyed
from tests import people
from tests.people import Holder
from tests.roles import as_the_worker


def identity_of(person_id: UUID) -> rules.Identity:
    with transaction.atomic():
        set_context(person_id)
        return reads.identity(person_id)


def state_of(person_id: UUID) -> reads.SpaceState:
    with transaction.atomic():
        set_context(person_id)
        return reads.state(person_id)


def test_open_space__found_by_its_exact_ins_with_its_identity():
    amina = people.amina()
    assert reads.find_person(amina.ins) == amina.person_id
    assert identity_of(amina.person_id) == amina.identity
    assert state_of(amina.person_id).is_open


def test_open_space__tells_its_fact():
    amina = people.amina()
    assert [fact.kind for fact in outbox.facts(amina.person_id)] == ["spaces.SpaceOpened"]


def test_open_space__same_ins_twice_is_a_conflict_and_leaves_nothing(owner_connection):
    amina = people.amina()
    before = owner_connection.execute("SELECT count(*) FROM spaces_space").fetchone()
    with pytest.raises(Conflict):
        actions.open_space(actor=SYSTEM, identity=amina.identity)
    assert owner_connection.execute("SELECT count(*) FROM spaces_space").fetchone() == before


@pytest.mark.parametrize("who", ["holder", "professional", "institution"])
def test_open_space__anybody_but_the_installation_is_refused(who):
    actor = {"holder": people.paul, "professional": people.dr_nguyen, "institution": people.rivemont}[who]().actor
    identity = replace(people.amina().identity, ins=people.new_ins(people.around(1950), "F", "75112"))
    with pytest.raises(Refused):
        actions.open_space(actor=actor, identity=identity)
    assert reads.find_person(identity.ins) is None


def test_open_space__wrong_key_is_taken_under_the_test_authority_only(settings):
    amina = people.amina()
    wrong = replace(amina.ins, matricule=amina.ins.matricule[:13] + f"{(int(amina.ins.matricule[13:]) % 97) + 1:02d}")
    real = replace(wrong, oid=rules.NIR_OID)
    with pytest.raises(Invalid, match="key"):
        actions.open_space(actor=SYSTEM, identity=replace(amina.identity, ins=real))
    settings.ACCEPT_TEST_IDENTITIES = False
    with pytest.raises(Invalid):
        actions.open_space(actor=SYSTEM, identity=replace(amina.identity, ins=wrong))
    settings.ACCEPT_TEST_IDENTITIES = True
    assert actions.open_space(actor=SYSTEM, identity=replace(amina.identity, ins=wrong))


def test_open_space__test_authority_is_refused_where_it_is_not_taken(settings):
    settings.ACCEPT_TEST_IDENTITIES = False
    with pytest.raises(Invalid, match="Test identities"):
        people.amina()


@pytest.mark.parametrize(
    "address", ["a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "Amina <a@b.example>"]
)
def test_open_space__more_than_one_plain_address_is_refused(address):
    with pytest.raises(Invalid):
        people.amina(email=address)


def test_find_person__same_work_for_known_and_unknown(django_assert_num_queries):
    amina = people.amina()
    unknown = people.new_ins(people.around(1930), "F", "75112")
    for ins in (amina.ins, unknown, replace(amina.ins, oid=rules.NIR_OID)):
        with django_assert_num_queries(1):
            reads.find_person(ins)
    assert reads.find_person(unknown) is None
    assert reads.find_person(replace(amina.ins, oid=rules.NIR_OID)) is None


def test_space__nothing_of_the_identity_stands_in_clear(owner_connection):
    amina = people.amina()
    found = owner_connection.execute(
        "SELECT row_to_json(s)::text, encode(s.sealed_identity, 'escape'), encode(i.find_key, 'escape')"
        " FROM spaces_space s JOIN spaces_identity_index i USING (person_id) WHERE person_id = %s",
        [amina.person_id],
    ).fetchone()
    for secret in (amina.ins.matricule, "BENALI", "AMINA", amina.identity.email, amina.traits.born_on.isoformat()):
        assert not any(secret in text for text in found)


def test_space__row_level_security_hides_it_from_another_context():
    amina, paul = people.amina(), people.paul()
    with transaction.atomic():
        set_context(paul.person_id)
        assert not Space.objects.filter(person_id=amina.person_id).exists()
    assert not Space.objects.filter(person_id=amina.person_id).exists()
    with pytest.raises(Refused):
        reads.identity(amina.person_id)


def test_identity__gone_for_good_with_the_key():
    amina = people.amina()
    with transaction.atomic():
        set_context(amina.person_id)
        keys.destroy_key(person_id=amina.person_id)
    with pytest.raises(KeyDestroyed):
        identity_of(amina.person_id)


def invited() -> Holder:
    return people.holder("DIALLO", ("AWA",), people.around(1990), "F", people.place_in("93"), state="informed")


def test_activate__holder_opens_the_space_before_the_deadline():
    awa = invited()
    actions.activate(actor=awa.actor, person_id=awa.person_id)
    assert state_of(awa.person_id).state == "active"
    assert outbox.facts(awa.person_id)[-1].kind == "spaces.SpaceStateChanged"


def test_activate__stranger_is_refused():
    awa, paul = invited(), people.paul()
    with pytest.raises(Refused):
        actions.activate(actor=paul.actor, person_id=awa.person_id)
    assert state_of(awa.person_id).state == "informed"


def test_activate__twice_is_a_conflict():
    amina = people.amina()
    with pytest.raises(Conflict):
        actions.activate(actor=amina.actor, person_id=amina.person_id)


def test_close__holder_closes_and_the_archive_lasts_ten_years(owner_connection):
    amina = people.amina()
    actions.close(actor=amina.actor, person_id=amina.person_id)
    assert state_of(amina.person_id).state == "closed"
    until, closed = owner_connection.execute(
        "SELECT archive_until, closed_at FROM spaces_space WHERE person_id = %s", [amina.person_id]
    ).fetchone()
    assert until.year == closed.year + 10


def test_close__stranger_is_refused():
    amina, paul = people.amina(), people.paul()
    with pytest.raises(Refused):
        actions.close(actor=paul.actor, person_id=amina.person_id)
    assert state_of(amina.person_id).is_open


def test_oppose__holder_says_no_within_the_window_and_nothing_opens():
    awa, paul = invited(), people.paul()
    with pytest.raises(Refused):
        actions.oppose(actor=paul.actor, person_id=awa.person_id)
    actions.oppose(actor=awa.actor, person_id=awa.person_id)
    assert state_of(awa.person_id).state == "opposed"
    with pytest.raises(Conflict):
        actions.activate(actor=awa.actor, person_id=awa.person_id)


def test_reopen__holder_finds_everything_again():
    amina, paul = people.amina(), people.paul()
    actions.close(actor=amina.actor, person_id=amina.person_id)
    with pytest.raises(Refused):
        actions.ask_reopening(actor=paul.actor, person_id=amina.person_id)
    actions.ask_reopening(actor=amina.actor, person_id=amina.person_id)
    assert state_of(amina.person_id).state == "closed"
    with as_the_worker():
        assert actions.reopen(person_id=amina.person_id)
        assert not actions.reopen(person_id=amina.person_id)
    assert state_of(amina.person_id).state == "active"
    assert identity_of(amina.person_id) == amina.identity


def test_note_death__installation_only():
    amina = people.amina()
    with pytest.raises(Refused):
        actions.note_death(actor=amina.actor, person_id=amina.person_id)
    actions.note_death(actor=SYSTEM, person_id=amina.person_id)
    assert state_of(amina.person_id).state == "closed_deceased"


def test_close__representative_of_the_minor_only():
    leo, jeanne, paul = people.leo(), people.jeanne(), people.paul()
    for actor in (jeanne.actor, replace(jeanne.representing(leo), kind="caregiver"), paul.representing(paul)):
        with pytest.raises(Refused):
            actions.close(actor=actor, person_id=leo.person_id)
    actions.close(actor=jeanne.representing(leo), person_id=leo.person_id)
    assert not state_of(leo.person_id).is_open


def test_change_contact__holder_gets_mail_elsewhere():
    amina = people.amina()
    actions.change_contact(actor=amina.actor, person_id=amina.person_id, email="new@example.org", phone="0600000000")
    changed = identity_of(amina.person_id)
    assert (changed.email, changed.phone) == ("new@example.org", "0600000000")
    assert changed.traits == amina.traits


@pytest.mark.parametrize("stranger", [lambda: people.paul().actor, lambda: people.dr_nguyen().actor, lambda: SYSTEM])
def test_change_contact__anybody_else_is_refused(stranger):
    amina = people.amina()
    with pytest.raises(Refused):
        actions.change_contact(actor=stranger(), person_id=amina.person_id, email="evil@example.org")
    assert identity_of(amina.person_id).email == amina.identity.email


def test_change_contact__two_addresses_are_refused():
    amina = people.amina()
    with pytest.raises(Invalid):
        actions.change_contact(actor=amina.actor, person_id=amina.person_id, email="a@b.example, c@d.example")


def test_change_language__stranger_is_refused():
    amina, paul = people.amina(), people.paul()
    actions.change_language(actor=amina.actor, person_id=amina.person_id, language="en")
    with pytest.raises(Refused):
        actions.change_language(actor=paul.actor, person_id=amina.person_id, language="fr")
    assert state_of(amina.person_id).language == "en"


def test_change_emergency_choice__written_and_only_in_the_right_context():
    amina, paul = people.amina(), people.paul()
    choices = {"is_samu_opposed": True, "is_break_glass_opposed": False, "is_masked_opposed": True}
    with transaction.atomic():
        set_context(amina.person_id)
        actions.change_emergency_choice(person_id=amina.person_id, **choices)
    with transaction.atomic():
        set_context(paul.person_id)
        with pytest.raises(Refused):
            actions.change_emergency_choice(person_id=amina.person_id, **choices)
    state = state_of(amina.person_id)
    assert (state.is_samu_opposed, state.is_break_glass_opposed, state.is_masked_opposed) == (True, False, True)


def test_open_space__at_the_same_moment_only_one_wins():
    identity = replace(people.amina().identity, ins=people.new_ins(people.around(1960), "F", "75112"))
    opened: list[UUID] = []
    conflicts: list[Conflict] = []

    def attempt() -> None:
        try:
            opened.append(actions.open_space(actor=SYSTEM, identity=identity))
        except Conflict as conflict:
            conflicts.append(conflict)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(opened), len(conflicts)) == (1, 3)
    assert reads.find_person(identity.ins) == opened[0]


def test_open_space__journalled_for_the_holder():
    amina = people.amina()
    with transaction.atomic():
        set_context(amina.person_id)
        sealer = vault.sealer(amina.person_id)
        lines = audit.journal(
            person_id=amina.person_id,
            unseal=lambda sealed, event_id: sealer.unseal(sealed, item=event_id, part="event"),
        )
    assert [(line.kind, line.outcome, line.rule) for line in lines] == [("space_opened", "done", "ENR-1")]
