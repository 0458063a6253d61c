"""Ways in of an account together: who may use which, remembered browsers, leaked passwords, what is forgotten."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from healthspace.audit.kinds import KINDS
from healthspace.common import clock
from healthspace.common.errors import Invalid, Refused, Unavailable
from healthspace.people import actions, reads, rules
from healthspace.people.actions import forgetting, providers
from healthspace.people.adapters.leaked import HashFile
from healthspace.people.models import ProviderSession, Session, StepAttempt, StepMark, TrustedDevice
from tests import people
from tests.rooms.second_step import begun, mailed, with_app
from tests.rooms.test_audit_kinds import Said
from tests.rooms.test_people_passkeys import register
from tests.rooms.test_people_providers import proven
from tests.rooms.test_people_sign_in import journal

ALL = rules.Channels("amina@example.org", "0612345678")
NOT_PATIENTS = ("professional", "support", "operator", "assistant")


@pytest.mark.parametrize("kind", rules.METHODS)
def test_rules__who_may_use_which(kind):
    offered = rules.methods(kind, channels=ALL, has_totp=True, paper_left=1, sends_sms=True)
    assert set(offered) == ({"totp", "paper"} if kind in NOT_PATIENTS else {"totp", "email", "sms", "paper"})
    assert rules.methods(kind, channels=rules.Channels(), has_totp=False, paper_left=0, sends_sms=True) == ()
    assert rules.opens_session(kind, "passkey")
    assert rules.trusts_devices(kind) == (kind == "holder")
    for means in ("email", "sms", "trusted", "letter", "recovery"):
        assert rules.opens_session(kind, means) == (kind == "holder"), means
    assert rules.opens_session(kind, "provider") == (kind in {"holder", "professional"})
    assert not any(rules.opens_session(kind, means) for means in ("", "password", "confirm"))
    assert not any(rules.opens_session("anonymous", means) for means in offered)


@pytest.mark.parametrize("means", ["email", "trusted", "recovery", "password"])
def test_open_session__not_by_what_does_not_count_for_this_kind(means):
    with pytest.raises(Refused):
        actions.open_session(account_id=people.dr_nguyen().account_id, means=means)


def test_factors__counts_everything():
    amina = people.amina()
    assert not reads.factors(amina.account_id).has_second_step
    card = reads.factors(amina.account_id, rules.Channels(amina.identity.email))
    assert card.has_second_step and card.email and not card.sms
    register(amina.account_id, label="  My\nphone " + "x" * 100)
    with_app(amina.account_id)
    actions.new_paper_codes(amina.account_id)
    card = reads.factors(amina.account_id)
    assert (len(card.passkeys), card.has_totp, card.paper_left) == (1, True, 10)
    assert card.passkeys[0].label.startswith("My phone x") and len(card.passkeys[0].label) == 60
    assert not reads.factors(people.paul().account_id).has_second_step


def test_device__is_remembered_for_thirty_days_for_its_account_alone():
    amina, paul = people.amina(), people.paul()
    with time_machine.travel(clock.now(), tick=False) as travel:
        token = actions.remember_device(amina.account_id)
        assert reads.is_trusted(amina.account_id, token)
        assert not reads.is_trusted(paul.account_id, token)
        assert not any(reads.is_trusted(amina.account_id, bad) for bad in ("", token[:-1], "\0", "é"))
        assert actions.use_device(amina.account_id, token).means == "trusted"
        assert actions.use_device(paul.account_id, token) == actions.Proof(None)
        travel.shift(timedelta(days=30) - timedelta(seconds=1))
        assert reads.is_trusted(amina.account_id, token)
        travel.shift(1)
        assert not reads.is_trusted(amina.account_id, token)
    assert "device_remembered" in [entry.kind for entry in journal(amina)]


def test_device__forgotten_and_dead_with_the_account():
    amina = people.amina()
    first, second = actions.remember_device(amina.account_id), actions.remember_device(amina.account_id)
    actions.forget_devices(amina.account_id)
    assert not any(reads.is_trusted(amina.account_id, token) for token in (first, second))
    assert "devices_forgotten" in [entry.kind for entry in journal(amina)]
    third = actions.remember_device(amina.account_id)
    actions.close_accounts(person_id=amina.person_id)
    actions.reopen_accounts(person_id=amina.person_id)
    assert not reads.is_trusted(amina.account_id, third)


def test_device__of_a_professional_is_never_remembered():
    with pytest.raises(Refused):
        actions.remember_device(people.dr_nguyen().account_id)


def test_device__token_is_kept_as_its_digest_only(owner_connection):
    token = actions.remember_device(people.amina().account_id)
    kept = [bytes(row[0]) for row in owner_connection.execute("SELECT digest FROM people_trusted_device").fetchall()]
    assert hashlib.sha256(token.encode()).digest() in kept
    assert not any(token.encode() in one for one in kept)


def test_forget_factors__leaves_nothing_of_the_account_and_all_of_others():
    amina, paul = people.amina(), people.paul()
    begun_there = {}
    for one in (amina, paul):
        register(one.account_id)
        with_app(one.account_id)
        actions.new_paper_codes(one.account_id)
        actions.remember_device(one.account_id)
        mailed(begun(one.account_id, one.identity.email), one.identity.email)
        begun_there[one.account_id] = by_provider(one)
    actions.forget_factors([amina.account_id])
    counts = {
        table: (table.objects.filter(account_id=amina.account_id).count(), bool(left(table, paul)))
        for table in forgetting.OF_ACCOUNTS
    }
    assert all(count == (0, True) for count in counts.values()), counts
    kept = ProviderSession.objects.filter(session_id__in=begun_there.values())
    assert [row.session_id for row in kept] == [begun_there[paul.account_id]]


def by_provider(person: people.Holder) -> UUID:
    """A provider added as a way in and used once; the session that began."""
    known = proven()
    providers.link(account_id=person.account_id, proven=known)
    opened = actions.open_session(account_id=person.account_id, means="provider")
    providers.note_session(session_id=opened.id, proven=known)
    return opened.id


def left(table: type, person: people.Holder) -> int:
    count: int = table.objects.filter(account_id=person.account_id).count()  # type: ignore[attr-defined]
    return count


def test_forget_accounts__takes_every_table_that_names_an_account(owner_connection):
    named = owner_connection.execute(
        "SELECT relname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE attname = 'account_id'"
        " AND relkind = 'r' AND relname LIKE 'people_%'"
    ).fetchall()
    ours = {table._meta.db_table for table in forgetting.OF_ACCOUNTS}
    assert ours <= {name for (name,) in named}


def test_forget_old_steps__only_what_counts_no_more():
    amina = people.amina()
    with time_machine.travel(clock.now(), tick=False) as travel:
        mailed(begun(amina.account_id, amina.identity.email), amina.identity.email)
        actions.remember_device(amina.account_id)
        travel.shift(timedelta(days=29))
        actions.forget_old_steps()
        assert not StepAttempt.objects.filter(account_id=amina.account_id).exists()
        assert StepMark.objects.filter(account_id=amina.account_id).exists()
        assert TrustedDevice.objects.filter(account_id=amina.account_id).exists()
        travel.shift(timedelta(days=2))
        actions.forget_old_steps()
    assert not StepMark.objects.filter(account_id=amina.account_id).exists()
    assert not TrustedDevice.objects.filter(account_id=amina.account_id).exists()


def test_forget_old_sessions__goes_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """A nation's day of sessions is never one statement; the worker comes again while portions are full."""
    monkeypatch.setattr("healthspace.people.rules.GONE_AT_ONCE", 2)
    amina = people.amina()
    for _ in range(3):
        actions.open_session(account_id=amina.account_id, means="totp")
    with time_machine.travel(clock.now() + rules.SESSION_MEMORY + timedelta(days=1)):
        left, done = Session.objects.filter(account_id=amina.account_id), []
        while left.exists():
            done.append(actions.forget_old_sessions())
    assert max(done) == 2


@pytest.fixture
def leaked(tmp_path: Path) -> tuple[Path, list[str]]:
    """A list of 300 leaked passwords as they come: hashes in order, with counts of several lengths."""
    words = [f"leaked words number {number}" for number in range(300)]
    lines = sorted(hashlib.sha1(word.encode()).hexdigest().upper() for word in words)
    path = tmp_path / "leaked.txt"
    path.write_text("".join(f"{line}:{10 ** (place % 9)}\r\n" for place, line in enumerate(lines)))
    return path, words


def test_leaked__finds_each_of_them_and_no_other(leaked):
    path, words = leaked
    held = HashFile(path)
    assert all(held.has(word) for word in words)
    assert not any(held.has(f"{word} {secrets.token_hex(4)}") for word in words)
    path.write_text("")
    assert not held.has(words[0])
    path.unlink()
    with pytest.raises(Unavailable):
        held.has(words[0])


def test_create_account__refuses_a_leaked_password(leaked, settings):
    path, words = leaked
    login = f"amina.{people.new_rpps()}"
    settings.LEAKED_PASSWORDS_FILE = str(path)
    with pytest.raises(Invalid):
        actions.create_account(login=login, password=words[7], kind="support")
    actions.create_account(login=login, password=people.PASSWORD, kind="support")


@pytest.mark.parametrize("means", ["passkey", "email", "sms", "totp", "paper", "trusted", "provider"])
def test_journal__says_by_what_means_the_holder_signed_in(means):
    told = set()
    for language in ("en", "fr"):
        for line in (Said(actor_kind="holder", details={"means": means}), Said(actor_kind="holder")):
            with translation.override(language):
                told.add(KINDS["signed_in"].tell(line))
    assert len(told) == 4


@given(st.lists(st.integers(0, 6000), max_size=25), st.integers(0, 6000))
def test_wait_until__is_the_first_moment_that_holds_every_limit(seconds, now):
    start = clock.now()
    limits = ((3, timedelta(minutes=10)), (7, timedelta(hours=1)))
    past = [start + timedelta(seconds=one) for one in seconds if one <= now]

    def is_free(at):
        return all(sum(at - window < one <= at for one in past) < most for most, window in limits)

    at = start + timedelta(seconds=now)
    wait = rules.wait_until(past, limits, at=at)
    assert (wait is None) == is_free(at)
    if wait:
        assert is_free(wait) and not is_free(wait - timedelta(seconds=1))
        assert not is_free(at)


def test_wait_until__a_clock_that_was_wrong_shuts_nobody_out():
    at = clock.now()
    ahead = [at + timedelta(days=900)] * 50
    assert rules.wait_until(ahead, rules.WRONG_LIMITS, at=at) is None
    assert rules.wait_until([at + timedelta(seconds=2)] * 5, rules.WRONG_LIMITS, at=at) is not None
