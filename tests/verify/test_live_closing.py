"""Closing and reopening in the running product: the door asks, the worker gives back, mails tell both."""

from __future__ import annotations

import http.cookiejar
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from tests import live
from tests.verify.test_kill_deposit import newcomers

REOPENED_WITHIN_SECONDS = 15.0


@dataclass
class Visitor:
    """A browser without a window: cookies, forms with their token, redirects."""

    site: str
    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def get(self, address: str) -> str:
        """Where a visit of this address ends."""
        return str(self._open(self.site + address).url).removeprefix(self.site)

    def post(self, address: str, **given: str) -> str:
        """Where the form leads."""
        self.get("/help/")
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        body = urllib.parse.urlencode({**given, "csrfmiddlewaretoken": token}).encode()
        asked = urllib.request.Request(self.site + address, body, {"Origin": self.site})
        return str(self._open(asked).url).removeprefix(self.site)

    def _open(self, asked: Any) -> Any:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        return opener.open(asked, timeout=20)


def mails_to(product: live.Live, address: str) -> int:
    files = [file for file in product.mails.rglob("*") if file.is_file()]
    return sum(address in file.read_text(errors="replace") for file in files)


def test_close__reopened_by_the_worker_and_told_by_mail(live_product: live.Live) -> None:
    [amina, *_], _ = newcomers(live_product)
    visitor = Visitor(live_product.web)
    visitor.get("/sign-in/")
    assert visitor.post("/sign-in/", login=amina.login, password=amina.password) == "/sign-in/code/"
    assert visitor.post("/sign-in/code/", code=live_product.last_code(amina.identity.email)) == "/home/"
    before = mails_to(live_product, amina.identity.email)
    assert visitor.post("/settings/close/", what="keep", password=amina.password) == "/closed/"
    assert visitor.get("/documents/") == "/closed/"

    begun = time.monotonic()
    reached = visitor.post("/closed/reopen/")
    while reached == "/closed/":
        assert time.monotonic() - begun < REOPENED_WITHIN_SECONDS
        time.sleep(0.25)
        reached = visitor.get("/closed/")
    assert reached == "/home/"
    assert visitor.get("/documents/") == "/documents/"
    while mails_to(live_product, amina.identity.email) < before + 2:
        assert time.monotonic() - begun < 2 * REOPENED_WITHIN_SECONDS, "closing and reopening were not told"
        time.sleep(0.25)
    assert (live_product.home / "keys" / "archive.pub").exists()
