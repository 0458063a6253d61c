"""The page of one's children follows the policy of ages, which is data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from healthspace.access.adapters import families
from tests import people
from tests.page_client import PageClient
from tests.rooms.test_access_teens import child_of


@pytest.mark.parametrize("youngest", [12, 14])
def test_people__own_sign_in_is_offered_from_the_age_of_the_policy(
    monkeypatch: pytest.MonkeyPatch, youngest: int
) -> None:
    """Seen failing before: the page had an age of its own."""
    known = families.policy(date(2026, 11, 24))
    monkeypatch.setattr(families, "policy", lambda _on: replace(known, own_sign_in_with_parents=youngest))
    for years in (youngest - 1, youngest):
        jeanne = people.jeanne()
        child = child_of(years, jeanne)
        client = PageClient("en")
        client.sign_in(jeanne)
        page = client.visit("/people/")
        assert page.status == 200 and child.identity.name.split()[-1] in page.said
        assert ("A sign-in of the child" in page.said) == (years >= youngest)
