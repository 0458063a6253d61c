"""A family walks without script on a small phone: the other parent says yes, a minor signs in, a parent leaves."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, date, datetime
from typing import Any

from playwright.sync_api import Page, expect

from healthspace.access import actions as access
from healthspace.common.actor import SYSTEM
from healthspace.documents import actions as documents
from healthspace.people import actions as accounts
from tests import people
from tests.browser.conftest import Window
from tests.browser.test_fit import SMALLEST
from tests.browser.test_ways import NEW, Kept, fits, headed, paper_codes, type_in
from tests.factories import enrollees, orders
from tests.factories.enrollees import Enrolled
from tests.factories.letters import Letter, code_for
from tests.rooms.test_access_guardians import name as name_guardian
from tests.rooms.test_access_parents import delivered


def mother_and_child() -> tuple[Kept, Enrolled]:
    """Jeanne, of the register and with an account, and Inès, who is 17, with a document."""
    jeanne = enrollees.adult(name="MOREL", first_name="JEANNE", state="active")
    born_on = date(datetime.now(UTC).year - 17, 1, 1)
    ines = enrollees.child(jeanne, first_name="INÈS", born_on=born_on, state="active")
    access.represent(actor=SYSTEM, person_id=ines.person_id, representative_id=jeanne.person_id, born_on=born_on)
    login = f"jeanne.{secrets.token_hex(6)}"
    accounts.create_account(login=login, password=people.PASSWORD, kind="holder", person_id=jeanne.person_id)
    documents.deposit(actor=people.rivemont().actor, order=orders.order(ines.identity, title="Genou"))
    return Kept(login, people.PASSWORD), ines


def windows(open_window: Any, *whom: Any) -> list[Window]:
    found = []
    for person in whom:
        window: Window = open_window("en", viewport=SMALLEST, script=False)
        if person is not None:
            window.sign_in(person)
        found.append(window)
    return found


def invite(page: Page, other: people.Holder) -> None:
    """From the list of children to the form, filled in and sent."""
    page.get_by_role("link", name="Parents of this child").click()
    headed(page, "Parents of")
    page.get_by_role("link", name="Ask the other parent").click()
    fits(page)
    traits = other.traits
    born = traits.born_on
    type_in(
        page,
        {"first_names": traits.first_names[0], "birth_name": traits.birth_name, "matricule": other.ins.matricule}
        | {"day": born.day, "month": born.month, "year": born.year},
    )
    expect(page.get_by_role("status")).to_contain_text("It is noted.")
    delivered()


def say_yes_and_enter(page: Page) -> None:
    page.get_by_role("link", name="Answer").click()
    headed(page, "Are you a parent of")
    page.locator("input[name=certified]").check()
    page.get_by_role("button", name="Yes, I act for").click()
    fits(page)
    page.get_by_role("button", name="Open this record").click()
    headed(page, "Record of")


def make_own_way(page: Page, ines: Enrolled) -> None:
    """The letter's code, an identifier, paper codes, inside."""
    type_in(page, Letter(ines, code_for(ines, purpose="own_way"), ines.matricule).fields)
    headed(page, "How will you come back?")
    type_in(page, {"login": f"ines.{secrets.token_hex(6)}", "password": NEW, "again": NEW})
    headed(page, "Print your codes")
    paper_codes(page, "Show my ten codes")
    page.get_by_role("link", name="I have them: go on").click()
    expect(page).to_have_url(re.compile("/home/$"))


def test_family__second_parent_a_minor_of_her_own_and_one_who_leaves(open_window: Any) -> None:
    jeanne, ines = mother_and_child()
    marc = people.paul()
    hers, his, own = windows(open_window, jeanne, marc, None)
    invite(hers.go("/people/"), marc)
    page = his.go("/people/")
    say_yes_and_enter(page)
    expect(his.go("/documents/").locator("main")).to_contain_text("Genou")

    page = hers.go("/people/")
    page.get_by_role("link", name="A sign-in of the child’s own").click()
    headed(page, "A sign-in for")
    page.get_by_role("button", name="Send the letter to").click()
    expect(page.get_by_role("status")).to_contain_text("goes to")
    make_own_way(own.go("/start/"), ines)

    page = own.go("/documents/")
    page.get_by_role("link", name="Genou").click()
    page.get_by_role("button", name="Keep it from my parents").click()
    expect(page.get_by_role("status")).to_contain_text("Your parents no longer see this document")
    expect(his.go("/documents/").locator("main")).not_to_contain_text("Genou")

    page = his.go("/people/")
    page.get_by_role("link", name="I am not the legal representative").click()
    headed(page, "You are not the legal representative")
    page.get_by_role("button", name="I do not act for").click()
    expect(page.get_by_role("status")).to_contain_text("You no longer act for")
    assert ines.identity.name not in page.locator("#children").locator("xpath=..").inner_text()
    assert [hers.complaints, his.complaints, own.complaints] == [[], [], []]


def test_guardian__opens_the_record_of_an_adult_and_is_named_to_her(open_window: Any) -> None:
    amina, paul = people.amina(), people.paul()
    name_guardian(amina, paul)
    documents.deposit(actor=people.rivemont().actor, order=orders.order(amina, title="Genou"))
    his, hers = windows(open_window, paul, amina)
    page = his.go("/people/")
    page.get_by_role("button", name="Open this record").click()
    headed(page, "Record of")
    his.go("/documents/").get_by_role("link", name="Genou").click()
    headed(page, "Genou")
    page = hers.go("/people/")
    fits(page)
    expect(page.locator("main")).to_contain_text(paul.identity.name)
    assert his.complaints == hers.complaints == []
