"""Codes of an app: the standard's own examples, no tolerance, each once."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from healthspace.common import clock
from healthspace.common.errors import Conflict, Refused
from healthspace.people import actions, reads, rules
from tests import people
from tests.rooms.second_step import app_code, at_once, begun, with_app
from tests.rooms.test_people_sign_in import journal

# RFC 6238, appendix B (SHA1, 8 digits)
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


def finish(attempt: reads.Attempt, code: str) -> actions.Proof:
    return actions.finish_second_step(attempt_id=attempt.id, method="totp", code=code)


@pytest.mark.parametrize("seconds, code", VECTORS)
def test_totp_code__as_the_standard_says(seconds, code):
    step = rules.totp_step(datetime.fromtimestamp(seconds, UTC))
    assert rules.totp_code(b"12345678901234567890", step, 8) == code
    assert rules.totp_code(b"12345678901234567890", step) == code[2:]


@given(st.binary(min_size=20, max_size=20), st.integers(10, 10**9), st.integers(-3, 3))
def test_totp__only_the_code_of_this_step_and_only_once(secret, step, other):
    at = datetime.fromtimestamp(step * 30, UTC)
    code = rules.totp_code(secret, step + other)
    is_same = code == rules.totp_code(secret, step)
    assert rules.totp_is_right(secret, code, at=at, last_step=step - 1) == is_same
    assert not rules.totp_is_right(secret, code, at=at, last_step=step)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34 5"])
def test_totp__rubbish_is_wrong(code):
    assert not rules.totp_is_right(b"1" * 20, code, at=clock.now(), last_step=0)


def test_totp__set_up_then_opens_the_account_once_a_step():
    amina = people.amina()
    with time_machine.travel(clock.now(), tick=False) as travel:
        secret = with_app(amina.account_id)
        assert "totp_added" in [entry.kind for entry in journal(amina)]
        attempt = begun(amina.account_id)
        assert attempt.methods == ("totp",)
        assert finish(attempt, app_code(secret)).account is None  # it set the app up
        travel.shift(30)
        assert finish(attempt, app_code(secret, -1)).account is None
        assert finish(attempt, app_code(secret, +1)).account is None
        proof = finish(attempt, app_code(secret))
        assert proof.account is not None and proof.means == "totp"
        assert finish(begun(amina.account_id), app_code(secret)).account is None


def test_totp__fifty_at_once_over_attempts_and_one_gets_in():
    doctor = people.dr_nguyen()
    with time_machine.travel(clock.now(), tick=False) as travel:
        secret = with_app(doctor.account_id)
        travel.shift(30)
        waiting, code = [begun(doctor.account_id) for _ in range(50)], app_code(secret)
        proofs = at_once(lambda: finish(waiting.pop(), code), 50)
    assert sum(proof.account is not None for proof in proofs) == 1


def test_totp__of_another_is_wrong():
    amina, paul = people.amina(), people.paul()
    with time_machine.travel(clock.now(), tick=False) as travel:
        theirs = with_app(paul.account_id)
        with_app(amina.account_id)
        travel.shift(30)
        assert finish(begun(amina.account_id), app_code(theirs)).account is None


def test_totp__twenty_wrong_a_day_whatever_the_attempts():
    amina, checked = people.amina(), 0
    with time_machine.travel(clock.now(), tick=False) as travel:
        with_app(amina.account_id)
        for _ in range(24 * 4):
            attempt = begun(amina.account_id)
            checked += sum(finish(attempt, "x").wait_seconds == 0 for _ in range(5))
            travel.shift(timedelta(minutes=14, seconds=59))
        assert checked == 20


def test_totp__not_confirmed_is_no_way_in():
    amina = people.amina()
    setup = actions.begin_totp(amina.account_id)
    secret = base64.b32decode(setup.secret_base32)
    assert not actions.confirm_totp(amina.account_id, app_code(secret, -1))
    assert begun(amina.account_id).methods == ()
    assert finish(begun(amina.account_id), app_code(secret)).account is None
    actions.begin_totp(amina.account_id)
    assert not actions.confirm_totp(amina.account_id, app_code(secret))


def test_totp__a_second_app_needs_the_first_to_end_and_the_last_way_in_stays():
    amina = people.amina()
    with_app(amina.account_id)
    with pytest.raises(Conflict):
        actions.begin_totp(amina.account_id)
    with pytest.raises(rules.LastWayIn):
        actions.end_totp(amina.account_id)
    assert reads.factors(amina.account_id).has_totp
    actions.new_paper_codes(amina.account_id)
    actions.end_totp(amina.account_id)
    assert not reads.factors(amina.account_id).has_totp
    assert "totp_removed" in [entry.kind for entry in journal(amina)]
    actions.end_totp(amina.account_id)


def test_totp__of_a_closed_account_is_absent():
    amina = people.amina()
    actions.close_account(account_id=amina.account_id)
    with pytest.raises(Refused):
        actions.begin_totp(amina.account_id)


def test_setup__the_square_says_the_address_and_nobody(owner_connection):
    amina = people.amina()
    setup = actions.begin_totp(amina.account_id)
    assert "style" not in setup.qr and "<script" not in setup.qr
    assert amina.login not in setup.uri
    assert setup.secret_base32 not in repr(setup)
    assert [found.text for found in zxingcpp.read_barcodes(drawn(setup.uri))] == [setup.uri]
    [(sealed,)] = owner_connection.execute(
        "SELECT sealed FROM people_totp WHERE account_id = %s", (amina.account_id,)
    ).fetchall()
    assert base64.b32decode(setup.secret_base32) not in bytes(sealed)


def drawn(uri: str) -> Image.Image:
    """The same square as pixels."""
    import segno

    rows = list(segno.make(uri, error="m", micro=False).matrix_iter(scale=4, border=4))
    image = Image.new("L", (len(rows[0]), len(rows)), 255)
    pen = ImageDraw.Draw(image)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                pen.point((x, y), 0)
    return image
