"""The same way on the product as an operator starts it: doors, worker, database, invented people."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.live import Live


def sign_in(chromium: Browser, live: Live, login: str) -> Page:
    """A window of one of the invented people."""
    password = (live.home / "sign-ins.txt").read_text().splitlines()[1].strip()
    page = chromium.new_context(locale="fr-FR", reduced_motion="reduce").new_page()
    page.goto(f"{live.web}/sign-in/")
    page.locator("#id_login").fill(login)
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/sign-in/code/")
    paper = re.search(rf"{re.escape(login)}\s+(\w{{5}}-\w{{5}})", (live.home / "sign-ins.txt").read_text())
    page.locator("#id_code").fill(paper[1] if paper else live.last_code())
    page.get_by_role("button", name="Continuer").click()
    return page


def test_live_product__document_read_hidden_refused_and_told(live_product: Live, chromium: Browser) -> None:
    told = (live_product.home / "sign-ins.txt").read_text()
    matricule = re.search(r"amina\.benali .*INS (\d{15})", told)
    assert matricule is not None
    holder = sign_in(chromium, live_product, "amina.benali")
    expect(holder.get_by_role("heading", level=1)).to_have_text("Bonjour Amina")
    doctor = sign_in(chromium, live_product, "nour.haddad")
    expect(doctor.get_by_role("heading", level=1)).to_have_text("Mes patients")
    doctor.locator("#id_matricule").fill(matricule[1])
    doctor.get_by_role("button", name="Trouver le dossier").click()
    if doctor.url.endswith("/agreement/"):
        doctor.locator("#id_agrees").check()
        doctor.locator("main form button").click()
    seen = read_something(doctor)
    document_id = seen.rstrip("/").rpartition("/")[2]

    holder.goto(f"{live_product.web}/documents/{document_id}/")
    hide(holder)
    answer: Any = doctor.goto(seen)
    assert answer.status == 404
    holder.goto(f"{live_product.web}/access/?view=refused")
    expect(holder.locator("main .fil").first).to_contain_text("Haddad")
    line = holder.locator("a[href*='/lines/']").first.get_attribute("href")
    assert line is not None
    for _try in range(20):
        holder.goto(f"{live_product.web}{line}")
        if holder.get_by_role("heading", name="Cette ligne est scellée").count():
            break
        holder.wait_for_timeout(500)
    expect(holder.get_by_role("heading", name="Cette ligne est scellée")).to_be_visible()
    holder.goto(f"{live_product.web}/documents/{document_id}/")
    holder.get_by_role("button", name="Le montrer à mes soignants").click()
    expect(holder.locator("[role=status]")).to_be_visible()


def read_something(doctor: Page) -> str:
    """Open the first document that neither this doctor nor their hospital wrote; its address."""
    doctor.goto(f"{doctor.url.rstrip('/')}/documents/")
    row = doctor.locator("tbody tr").filter(has_not_text="Rivemont").filter(has_not_text="masqué").first
    row.get_by_role("link").click()
    expect(doctor.get_by_role("heading", level=1)).to_be_visible()
    return doctor.url


def hide(holder: Page) -> None:
    """Hide the document that is open."""
    holder.get_by_role("button", name="Le cacher à mes soignants").click()
    expect(holder.locator("[role=status]")).to_contain_text("caché à vos soignants")
