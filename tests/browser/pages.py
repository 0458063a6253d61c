"""Every page that a browser visits in these tests, by who sees it."""

from __future__ import annotations

from uuid import UUID

from tests.browser.conftest import Family

PUBLIC = (
    "/", "/sign-in/", "/help/", "/accessibility/", "/privacy/", "/nothing-here/",
    "/start/", "/start/help/", "/start/new-code/", "/start/new-code/asked/", "/start/again/", "/start/taken-back/",
    "/start/left/", "/start/opened/", "/sign-in/lost/", "/sign-in/again/", "/sign-in/no-way/",
    "/contact/stopped/", "/contact/not-stopped/", "/sign-in/stopped/", "/sign-in/not-stopped/",
)  # fmt: skip


def of_holder(family: Family) -> list[str]:
    """The holder's pages."""
    one = f"/documents/{family.report}/"
    return [
        "/home/",
        "/documents/",
        "/documents/?category=BIOLOGIE&year=2026&hidden=1",
        "/documents/?sort=title&setting=ETABLISSEMENT",
        one,
        f"/documents/{family.structured}/",
        f"/documents/{family.photo}/",
        f"/documents/{family.masked}/",
        f"{one}text/",
        f"{one}rename/",
        f"{one}move/",
        f"{one}not-mine/",
        f"/documents/{family.own}/delete/",
        "/documents/add/",
        "/documents/folders/",
        "/documents/folders/new/",
        "/access/",
        "/access/?view=date",
        "/access/professionals/",
        "/access/professionals/find/",
        f"/access/professionals/{family.stranger.id}/accept/",
        f"/access/professionals/{family.doctor.id}/block/",
        "/care/",
        "/care/hide/",
        "/care/show/",
        "/access/emergency/",
        "/notices/",
        "/settings/",
        "/settings/close/",
        "/settings/copy/",
        "/settings/contact/",
        "/settings/mails/",
    ]


# Ways in, families, help and the desk as a holder sees them; what axe says of them stands in their own tests.
OF_HOLDER_TOO = (
    "/people/", "/people/add/", "/helpers/", "/helpers/new/", "/helping/", "/access/desks/",
    "/questions/", "/questions/new/", "/settings/contact/digits/", "/sign-in/confirm/",
    "/settings/sign-in/", "/settings/sign-in/app/", "/settings/sign-in/app/code/", "/settings/sign-in/paper/",
    "/settings/sign-in/paper/first/", "/settings/sign-in/locked/", "/settings/sign-in/password/",
)  # fmt: skip


def of_parent() -> list[str]:
    """The pages of a child's record, for its parent."""
    return [
        "/people/", "/home/", "/documents/", "/documents/add/", "/access/", "/access/?view=date",
        "/access/professionals/", "/access/emergency/", "/care/", "/notices/", "/settings/", "/settings/copy/",
        "/help/",
    ]  # fmt: skip


def of_professional(family: Family) -> list[str]:
    """The professionals' pages."""
    record, minor = f"/pro/patients/{family.amina.person_id}/", f"/pro/patients/{family.leo.person_id}/"
    return [
        "/pro/",
        "/pro/place/",
        "/pro/deposit/",
        record,
        f"{record}documents/",
        f"{record}documents/{family.structured}/",
        f"{record}documents/{family.report}/",
        f"{minor}deposit/",
        f"{record}care/",
        f"/pro/patients/{family.paul.person_id}/agreement/",
        f"/pro/patients/{family.paul.person_id}/",
    ]


def of_parent_of(child_id: UUID) -> list[str]:
    """A parent's pages about one child."""
    return [f"/people/{child_id}/{end}" for end in ("parents/", "parents/ask/", "sign-in/", "not-mine/")]


def of_support(ticket_id: UUID, act_id: UUID) -> list[str]:
    """The pages of the help desk, with a question and an act that wait."""
    return [
        "/support/", "/support/questions/", f"/support/questions/{ticket_id}/", "/support/acts/",
        f"/support/acts/{act_id}/",
    ]  # fmt: skip


# The pages of a helper at a desk: beside nobody, beside somebody who has not said yes yet, within a session of help.
OF_DESK = ("/assist/", "/assist/who/", "/assist/over/", "/assist/ended/")
OF_DESK_ASKING = ("/assist/scope/", "/assist/code/", "/assist/paper/")


def of_desk_beside() -> list[str]:
    """Every page of a session of help in which everything is ticked."""
    here = "/assist/session/"
    ends = ("", "emergency/", "doctor/", "file/", "documents/", "contact/", "forms/")
    return [*(here + end for end in ends), f"{here}answer/close/"]
