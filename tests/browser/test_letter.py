"""From the printed letter to an answer: the square is read from the paper, then people walk the pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from healthspace.common import clock
from healthspace.enrolment.adapters import letter as printing
from healthspace.enrolment.adapters.letter_order import Addressee, Sender
from healthspace.enrolment.adapters.letter_order import Letter as Printed
from healthspace.enrolment.rules import references
from tests.browser.conftest import NARROW
from tests.browser.test_accessibility import AXE, OPEN_ALL, RULES
from tests.browser.test_fit import SIDEWAYS, SMALLEST
from tests.factories import enrollees
from tests.factories.letters import Letter, code_for, letter

PASSWORD = "four plain words here"
OF_A_CLAIM = ("choice/", "refuse/", "open/", "open/sharing/", "open/mail/", "open/mail/code/", "open/account/")


def squares(one: Letter, site: str, folder: Path) -> list[str]:
    """What the camera of a phone reads on the printed letter."""
    sender = Sender(
        product="Mon espace",
        name="Caisse",
        url=site,
        free_post=("Service des refus", "75999 PARIS CEDEX"),
        phone="0 800 123 456",
        hours="8 h 30 à 17 h 30|8:30 to 17:30",
    )
    reference = references.of(4217, 1)
    people = (Addressee(one.who.identity.name, one.code, references.slip(reference, f"{1:016x}")),)
    printed = Printed(reference, ("Camille MARTIN", "31000 TOULOUSE"), people)
    made = printing.write_batch(folder / "batch.pdf", [printed], at=clock.now(), sender=sender)
    pages = pypdfium2.PdfDocument(made.path)
    return [
        code.text for page in pages for code in zxingcpp.read_barcodes(page.render(scale=2.5, grayscale=True).to_pil())
    ]


def fill(page: Page, one: Letter, *, with_code: bool = True) -> None:
    """The first page, as people fill it in."""
    for name, typed in one.fields.items():
        if with_code or name != "code":
            page.locator(f"#id_{name}").fill(typed)
    page.locator("main form button").first.click()


def come_in(window: Any, one: Letter) -> Page:
    """To the choice."""
    page: Page = window.go("/start/")
    fill(page, one)
    page.wait_for_url("**/start/choice/")
    return page


def from_paper(window: Any, one: Letter, folder: Path) -> Page:
    """The square leads to the first page, which then holds the code; its address no longer does."""
    link = next(text for text in squares(one, window.site, folder) if text.startswith("http"))
    assert link == f"{window.site}/start#{one.code}"
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    window.page.goto(link)
    page: Page = window.page
    expect(page.locator("#id_code")).to_have_value(re.compile(one.code))
    assert one.code not in page.url
    assert [url for url in asked if one.code in url.partition("#")[0]] == []
    fill(page, one, with_code=False)
    page.wait_for_url("**/start/choice/")
    return page


def test_letter__from_paper_to_refusal_with_its_proof(open_window: Any, tmp_path: Path) -> None:
    window, one = open_window(viewport=NARROW), letter()
    page = from_paper(window, one, tmp_path)
    expect(page.get_by_text("Si vous ne faites rien,")).to_be_visible()
    page.get_by_role("link", name="Je refuse l’espace").click()
    page.get_by_role("button", name="Oui, je refuse l’espace").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre refus est enregistré")
    with page.expect_download() as told:
        page.get_by_role("link", name="Garder la preuve").click()
    proof = pypdfium2.PdfDocument(told.value.path())
    text = "".join(sheet.get_textpage().get_text_bounded() for sheet in proof)
    assert one.who.identity.traits.birth_name in text.upper()
    assert enrollees.space(one.person_id).state == "opposed"
    assert window.complaints == []


def test_letter__from_paper_to_an_open_space(open_window: Any, tmp_path: Path) -> None:
    window, one = open_window(viewport=NARROW), letter()
    page = from_paper(window, one, tmp_path)
    assert walk_in(page) == 6
    expect(page.get_by_role("heading", name="Votre espace est ouvert")).to_be_visible()
    assert faults_here(window, "") == []
    assert enrollees.space(one.person_id).state == "active"
    assert window.complaints == []


def walk_in(page: Page) -> int:
    """Open without an e-mail; how many times one clicks to go on, the first page's button included."""
    page.get_by_role("link", name="J’ouvre l’espace").click()
    page.get_by_label("Seulement le médecin du SAMU").check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Personne pour l’instant").check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Je n’ai pas d’e-mail").click()
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_again").fill(PASSWORD)
    page.get_by_role("button", name="Ouvrir l’espace").click()
    page.wait_for_url("**/home/")
    return 6


def clicks_to_refuse(page: Page) -> int:
    """The same count for a refusal."""
    page.get_by_role("link", name="Je refuse l’espace").click()
    page.get_by_role("button", name="Oui, je refuse l’espace").click()
    page.wait_for_url("**/start/refused/")
    return 3


def test_refusing__takes_three_clicks_and_fewer_fields_than_opening(open_window: Any) -> None:
    assert clicks_to_refuse(come_in(open_window(), letter())) == 3 < walk_in(come_in(open_window(), letter()))


def test_choice__both_ways_have_the_same_size_and_look(open_window: Any) -> None:
    for viewport in (NARROW, None):
        page = come_in(open_window(viewport=viewport), letter())
        boxes = [
            page.get_by_role("link", name=name).bounding_box() for name in ("J’ouvre l’espace", "Je refuse l’espace")
        ]
        assert boxes[0] and boxes[1]
        assert (boxes[0]["width"], boxes[0]["height"]) == (boxes[1]["width"], boxes[1]["height"])
        looks = page.locator(".way a.btn").evaluate_all(
            "all => all.map(one => getComputedStyle(one).cssText + one.className)"
        )
        assert (
            len(
                {
                    re.sub(r"(inline|block)-size.*?;|perspective-origin.*?;|transform-origin.*?;", "", look)
                    for look in looks
                }
            )
            == 1
        )


def test_every_step__works_without_script_in_english(open_window: Any) -> None:
    window, one = open_window("en", script=False), letter()
    page = come_in(window, one)
    page.get_by_role("link", name="I refuse the space").click()
    page.get_by_role("button", name="Yes, I refuse the space").click()
    page.get_by_role("button", name="I take the refusal back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The refusal is taken back")
    assert enrollees.space(one.person_id).state == "informed"
    page = come_in(window, Letter(one.who, code_for(one.who), one.matricule))
    page.get_by_role("link", name="I open the space").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("In an emergency, who may open the space?")


def test_refusal__by_keyboard_alone(open_window: Any) -> None:
    window, one = open_window(), letter()
    page: Page = window.go("/start/")
    page.locator("#id_code").focus()
    for typed in one.fields.values():
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/start/choice/")
    for name in ("Je refuse l’espace", "Oui, je refuse l’espace"):
        target = page.locator("main a.btn, main button", has_text=name).first
        for _ in range(40):
            page.keyboard.press("Tab")
            if target.evaluate("node => node === document.activeElement"):
                break
        page.keyboard.press("Enter")
        page.wait_for_load_state("load")
    page.wait_for_url("**/start/refused/")


def test_error__leads_to_its_field(open_window: Any) -> None:
    page: Page = open_window().go("/start/")
    page.locator("#id_code").fill("K7QF 92HM 3XT")
    page.locator("main form button").first.click()
    assert page.title().startswith("Erreur")
    page.get_by_role("alert").get_by_role("link", name="Vous en avez écrit 11").click()
    assert page.evaluate("document.activeElement.id") == "id_code"
    expect(page.locator("#id_code")).to_have_value("K7QF 92HM 3XT")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_of_a_claim__axe_finds_nothing_and_all_fits(open_window: Any, language: str) -> None:
    window = open_window(language)
    come_in(window, letter())
    faults = [fault for name in OF_A_CLAIM for fault in faults_here(window, f"/start/{name}")]
    window.go("/start/open/").locator("main form button.btn").click()
    faults += faults_here(window, "")
    window.go("/start/refuse/").locator("main form button.btn").click()
    faults += faults_here(window, "")
    assert faults == []


def faults_here(window: Any, address: str) -> list[str]:
    """What axe says of a page in four looks, and whether it is wider than a small phone or with double text."""
    page: Page = window.go(address) if address else window.page
    page.evaluate(AXE)
    page.evaluate(OPEN_ALL)
    said: list[str] = []
    for scheme in ("light", "dark"):
        for size in (NARROW, {"width": 1280, "height": 900}):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)  # type: ignore[arg-type]
            found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
            said += [f"{page.url} {scheme}: {fault['id']}" for fault in found["violations"]]
    page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
    said += page.evaluate(SIDEWAYS)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    said += page.evaluate(SIDEWAYS)
    return said
