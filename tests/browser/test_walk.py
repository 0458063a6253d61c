"""One document's whole way, as people walk it, by mouse, by keyboard, and without any script."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.core import mail
from playwright.sync_api import Page, expect

from healthspace.documents import reads as document_reads
from tests import people
from tests.browser.conftest import NARROW
from tests.factories import orders


def file_as(window: Any, doctor: people.Doctor, patient: people.Holder, title: str) -> None:
    """A hospital doctor files a report for a patient whose record stays closed to them."""
    window.sign_in(doctor)
    page = window.go("/pro/deposit/")
    page.locator("#id_matricule").fill(patient.ins.matricule)
    page.locator("#id_birth_name").fill(patient.traits.birth_name)
    page.locator("#id_first_names").fill(" ".join(patient.traits.first_names))
    page.locator("#id_born_on").fill(patient.traits.born_on.isoformat())
    page.locator("input[name=sex][value=F]").check()
    page.locator("#id_content").set_input_files(
        {"name": "rapport.pdf", "mimeType": "application/pdf", "buffer": orders.pdf("Le coeur va bien.")}
    )
    page.locator("#id_type_code").select_option("11490-0")
    page.locator("#id_title").fill(title)
    page.locator("#id_made_on").fill(date(2026, 11, 2).isoformat())
    page.locator("input[name=visible][value=now]").check()
    page.locator("main form button").last.click()
    expect(page.get_by_text("Le document est déposé.")).to_be_visible()


def test_one_document__filed_seen_hidden_refused_and_told(open_window: Any) -> None:
    hospital, patient = people.rivemont(), people.amina()
    author, doctor = people.dr_nguyen(hospital), people.professional("Haddad", "Nour", "10")
    title = "Lettre de sortie, cardiologie"
    file_as(open_window(), author, patient, title)

    holder = open_window(viewport=NARROW)
    holder.sign_in(patient)
    page: Page = holder.page
    expect(page.get_by_role("heading", name="Un nouveau document est arrivé")).to_be_visible()
    page.get_by_role("link", name="Le lire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("img.shot")).to_be_visible()
    assert title not in page.title()
    document_address = page.url

    page.goto(f"{holder.site}/access/professionals/find/")
    page.get_by_label("Nom du soignant").fill("Haddad Nour")
    page.get_by_role("button", name="Chercher").click()
    accept = page.locator(f"a[href*='{doctor.id}/accept']")
    accept.click()
    page.get_by_role("button", name="Accepter").click()

    pro = open_window()
    pro.sign_in(doctor)
    pro.page.locator("#id_matricule").fill(patient.ins.matricule)
    pro.page.get_by_role("button", name="Trouver le dossier").click()
    pro.page.get_by_role("link", name=title).first.click()
    expect(pro.page.get_by_role("heading", level=1)).to_have_text(title)
    seen_by_doctor = pro.page.url

    page.goto(document_address)
    expect(page.get_by_text("Nour Haddad").first).to_be_visible()
    expect(page.locator("section", has_text="Qui l’a ouvert").last).to_contain_text("a ouvert votre document")
    page.get_by_role("button", name="Le cacher à mes soignants").click()
    expect(page.get_by_text("Le document est maintenant caché à vos soignants.")).to_be_visible()

    answer = pro.page.goto(seen_by_doctor)
    assert answer is not None and answer.status == 404
    expect(pro.page.get_by_role("heading", level=1)).to_have_text("Pas de dossier consultable")

    page.goto(f"{holder.site}/access/?view=refused")
    expect(page.locator("main")).to_contain_text("Nour Haddad")
    expect(page.locator("main")).to_contain_text("refusé")
    journal = document_reads.journal(actor=patient.actor, person_id=patient.person_id, outcome="refused")
    assert [(line.kind, line.rule) for line in journal] == [("document_opened", "ACC-17")]
    assert holder.complaints == []
    assert [told for told in pro.complaints if "404" not in told] == []


def test_main_way__by_keyboard_alone(open_window: Any, family: Any) -> None:
    window = open_window()
    page: Page = window.go("/sign-in/")
    reach(page, "#id_login")
    page.keyboard.type(family.amina.login)
    page.keyboard.press("Tab")
    page.keyboard.type(family.amina.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code/")
    mailed = next(str(one.body) for one in reversed(mail.outbox) if family.amina.identity.email in one.to)
    reach(page, "#id_code")
    page.keyboard.type(re.findall(r"^\d{8}$", mailed, re.MULTILINE)[0])
    page.keyboard.press("Enter")
    page.wait_for_url("**/home/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert reach(page, "a[href*='/documents/'][class=btn]") <= 3
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/*-*/")
    reach(page, "form[action$='mask/'] button")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_be_visible()
    reach(page, "form[action$='unmask/'] button")
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_be_visible()


def test_list__is_three_tabs_away_with_its_skip_link(open_window: Any, family: Any) -> None:
    window = open_window()
    window.sign_in(family.amina)
    page: Page = window.go("/documents/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert reach(page, "li.doc a") == 1


def reach(page: Page, selector: str, most: int = 60) -> int:
    """Press Tab until the element has the focus; how many times it took."""
    for times in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return times
    raise AssertionError(f"{selector} is not reached by keyboard on {page.url}")


def test_every_step__works_without_script(open_window: Any, family: Any) -> None:
    window = open_window(script=False)
    window.sign_in(family.amina)
    page: Page = window.page
    page.locator("form[action='/documents/search/'] input[type=search]").fill("épaule")
    page.locator("form[action='/documents/search/'] button").click()
    expect(page.locator("li.doc").first).to_contain_text("épaule")
    _file_and_hide_without_script(window)
    page.locator("summary", has_text="Benali").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("summary", has_text="Benali").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def _file_and_hide_without_script(window: Any) -> None:
    page: Page = window.go("/documents/add/")
    page.locator("#id_content").set_input_files(
        {"name": "papier.pdf", "mimeType": "application/pdf", "buffer": orders.pdf("Un papier.")}
    )
    page.locator("#id_type_code").select_option("DOCPAT03")
    page.locator("#id_title").fill("Papier sans script")
    page.locator("#id_made_on").fill(date(2026, 11, 3).isoformat())
    page.get_by_role("button", name="Ajouter à mon dossier").click()
    window.go("/documents/")
    page.get_by_role("link", name="Papier sans script").click()
    page.get_by_role("button", name="Le cacher à mes soignants").click()
    expect(page.get_by_text("Le document est maintenant caché à vos soignants.")).to_be_visible()
    page.get_by_role("button", name="Le montrer à mes soignants").click()
    expect(page.locator("form[action$='/mask/'] button")).to_be_visible()
    window.go("/documents/")
