"""The demo's own provider, in the product as `make run` starts it: one may be anybody invented, without a password."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin

import pytest
import requests

from tests.live import Live


@pytest.mark.parametrize(
    ("kind", "name", "home"),
    [("citizen", "Amina", "/home/"), ("professional", "Linh Nguyen", "/pro/")],
)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_demo__signs_in_as_somebody_invented(live_product: Live, kind: str, name: str, home: str, host: str) -> None:
    with requests.Session() as browser:
        browser.trust_env = False
        site = f"http://{host}:{live_product.port}"
        page = browser.get(f"{site}/sign-in/", timeout=20)
        assert f'href="/sign-in/with/{kind}/"' in page.text
        choose = browser.get(f"{site}/sign-in/with/{kind}/", timeout=20)
        assert choose.url.startswith(f"http://127.0.0.1:{live_product.port + 3}/{kind}/authorize?")
        links = re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', choose.text)
        link = next(address for address, said in links if name in said)
        inside = browser.get(urljoin(choose.url, unescape(link)), timeout=20)
        assert inside.status_code == 200
        assert inside.url == f"{site}{home}"


def test_demo__a_page_that_is_not_asked_for_by_us_is_absent(live_product: Live) -> None:
    provider = f"http://127.0.0.1:{live_product.port + 3}/citizen"
    wrong = {"client_id": "healthspace-demo", "redirect_uri": "https://elsewhere.example/", "state": "s"}
    for path in ("authorize", "choose", "nothing", "../../etc/passwd"):
        assert requests.get(f"{provider}/{path}", params=wrong, timeout=10).status_code == 404
    assert requests.post(f"{provider}/token", data={"code": "x"}, timeout=10).status_code == 400
    assert requests.get(f"{provider}/userinfo", timeout=10).status_code == 401
