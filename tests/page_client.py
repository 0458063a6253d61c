"""A client for pages that inspects each answer: valid HTML, one h1, names, labels, ids, language, spaces, policy."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.test import Client
from html5lib.constants import E as FAULTS

from healthspace.people import actions as people
from healthspace.people import reads as directory
from healthspace.people.reads import AccountCard
from healthspace.people.rules import Means
from healthspace.web.entering import held
from healthspace.web.sessions import SessionStore


@dataclass(slots=True)
class Page:
    """One answer, parsed."""

    status: int
    address: str
    text: str
    tree: Element | None
    headers: Any

    def all(self, name: str) -> list[Element]:
        """Every element of that name."""
        return [] if self.tree is None else [node for node in self.tree.iter() if node.tag == name]

    @property
    def title(self) -> str:
        return words(self.all("title")[0])

    @property
    def h1(self) -> str:
        return words(self.all("h1")[0])

    @property
    def said(self) -> str:
        """Everything a person can read in the page."""
        return words(self.all("body")[0]) if self.all("body") else self.text

    def link(self, said: str) -> str:
        """Where the link with these words leads."""
        for node in self.all("a"):
            if said in words(node):
                return node.get("href") or ""
        raise AssertionError(f"no link says {said!r} on {self.address}")


def somewhere() -> str:
    """An address of one's own: what is counted by source is not shared between tests."""
    return ".".join(["10", *(str(secrets.randbelow(254) + 1) for _ in range(3))])


def account_of(person: Any) -> AccountCard:
    """The account of anybody with a `login`, or of that login."""
    account = directory.account_by_login(person if isinstance(person, str) else person.login)
    assert account is not None, "this person has no account"
    return account


def begin_session(client: Client, person: Any, means: Means = "totp") -> people.Opened:
    """A session of this person in that client, as `open_session` makes it."""
    account = account_of(person)
    if (before := client.cookies.get("session")) and before.value:
        SessionStore(before.value).delete()
    opened = people.open_session(account_id=account.id, means=means, device="tests")
    store = SessionStore()
    store.update(held(opened, account.id, means))
    store.create()
    client.cookies["session"] = str(store.session_key)
    return opened


def words(node: Element) -> str:
    """The words of an element, spaces put together."""
    return " ".join("".join(node.itertext()).split(" ")).strip()


class PageClient:
    """Visits as one person; fails on the first page that is not as it must be."""

    def __init__(self, language: str = "fr", *, checks_spelling: bool = True) -> None:
        """Real documents spell as they like: their readers' pages are inspected without French spaces."""
        self.client = Client(enforce_csrf_checks=True, REMOTE_ADDR=somewhere())
        self.language = language
        self.checks_spelling = checks_spelling
        self.client.cookies["language"] = language

    def visit(self, address: str, status: int = 200) -> Page:
        """GET a page, following redirects, and inspect it."""
        answer = self.client.get(address, follow=True)
        return self._page(answer, status)

    def send(self, address: str, status: int = 200, page: str = "", **fields: Any) -> Page:
        """POST a form (with its token, taken from the page it stands on) and inspect where it leads."""
        self.client.get(page or "/help/")
        fields["csrfmiddlewaretoken"] = self.client.cookies["csrftoken"].value
        answer = self.client.post(address, fields, follow=True)
        return self._page(answer, status)

    def sign_in(self, person: Any) -> Page:
        """Sign this person of the cast in: a session as `open_session` makes it, without the pages before it."""
        begin_session(self.client, person)
        return self.visit("/")

    def sign_in_by_hand(self, person: Any, **more: Any) -> Page:
        """Walk the real pages, with a paper code as the second step."""
        page = self.send("/sign-in/", page="/sign-in/", login=person.login, password=person.password, **more)
        if page.address != "/sign-in/code/":
            return page
        account = account_of(person)
        code = people.new_paper_codes(account_id=account.id)[0]
        self.send("/sign-in/code/", page="/sign-in/code/", method="paper")
        return self.send("/sign-in/code/", page="/sign-in/code/", method="paper", code=code)

    def _page(self, answer: Any, status: int) -> Page:
        address = answer.request["PATH_INFO"]
        is_html = answer["Content-Type"].startswith("text/html")
        text = answer.content.decode() if is_html else ""
        tree = parse(text, address) if is_html else None
        page = Page(answer.status_code, address, text, tree, answer.headers)
        assert page.status == status, f"{address} answered {page.status}: {page.said[:600]}"
        if tree is not None:
            inspect(page, self.language)
            if self.language == "fr" and self.checks_spelling:
                _french(page)
        return page


def parse(text: str, address: str) -> Element:
    """The tree of a page that HTML's own grammar finds nothing wrong with."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree: Element = parser.parse(text)
    faults = [(place, FAULTS.get(code, code) % about) for place, code, about in parser.errors]
    assert not faults, f"{address}: {faults[:3]}"
    return tree


def inspect(page: Page, language: str) -> None:
    """What holds for every page."""
    where = page.address
    ids = [node.get("id") for node in page.tree.iter() if node.get("id")] if page.tree is not None else []
    assert len(ids) == len(set(ids)), f"{where}: an id stands twice: {[i for i in ids if ids.count(i) > 1]}"
    assert page.all("html")[0].get("lang") == language, where
    assert len(page.all("h1")) == 1, where
    assert len(page.all("main")) == 1, where
    assert page.title.rpartition(" – ")[0], where
    assert any(node.get("class") == "skip" and node.get("href") == "#content" for node in page.all("a")), where
    _labels(page, set(ids))
    _references(page, set(ids))
    _headings(page)
    own_script = r'<script(?! src="/static/[\w.]+" defer></script>)'
    assert not re.search(rf"\sstyle=|\son[a-z]+=|{own_script}|<style", page.text), where
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy, where
    assert page.headers["X-Content-Type-Options"] == "nosniff", where


def _labels(page: Page, ids: set[str]) -> None:
    labelled = {node.get("for") for node in page.all("label")}
    wrapped = {id(node) for label in page.all("label") for node in label.iter()}
    for name in ("input", "select", "textarea"):
        for node in page.all(name):
            kind = node.get("type")
            if kind in {"hidden", "submit"}:
                continue
            is_named = node.get("id") in labelled or id(node) in wrapped or node.get("aria-label")
            assert is_named, f"{page.address}: a field without a label: {node.attrib}"
    for name in ("a", "button"):
        for node in page.all(name):
            has_image = any(child.tag == "img" and child.get("alt") for child in node.iter())
            assert words(node) or node.get("aria-label") or has_image, f"{page.address}: {name} without words"
    for node in page.all("img"):
        assert node.get("alt") is not None, f"{page.address}: picture without text"


def _references(page: Page, ids: set[str]) -> None:
    for node in page.tree.iter() if page.tree is not None else []:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for one in (node.get(name) or "").split():
                assert one in ids, f"{page.address}: {name} names {one}, which is not there"
        address = node.get("href") or ""
        if node.tag == "a" and address.startswith("#"):
            assert address[1:] in ids, f"{page.address}: link to {address}, which is not there"


def _headings(page: Page) -> None:
    levels = (
        [int(node.tag[1]) for node in page.tree.iter() if re.fullmatch(r"h[1-6]", str(node.tag))]
        if page.tree is not None
        else []
    )
    for before, after in pairwise(levels):
        assert after <= before + 1, f"{page.address}: heading h{after} after h{before}"


def _french(page: Page) -> None:
    """Narrow no-break spaces before ; ! ? and inside « », no-break space before a colon."""
    for node in page.tree.iter() if page.tree is not None else []:
        if node.tag in {"script", "style", "pre"} or node.get("lang") == "en":
            continue
        for text in (node.text, node.tail):
            found = re.search(r" [;!?»]|(?<=[\wàâéèêëîïôûç)])[;!?](?=\s|$)|« | :(?=\s|$)", text or "")
            assert not found, f"{page.address}: French spaces in {text!r}"
