"""Every page that a browser visits in these tests, by who sees it."""

from __future__ import annotations

from tests.browser.conftest import Family

PUBLIC = (
    "/", "/sign-in/", "/help/", "/accessibility/", "/privacy/", "/nothing-here/",
    "/start/", "/start/help/", "/start/new-code/", "/start/new-code/asked/", "/start/again/", "/start/taken-back/",
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
        "/access/emergency/",
        "/notices/",
        "/settings/",
        "/settings/close/",
        "/settings/copy/",
        "/settings/contact/",
        "/settings/mails/",
    ]


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
