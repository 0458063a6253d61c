"""The issue's walk by machines, over HTTP, against the product as `make run` starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

from healthspace.config import env
from tests import live
from tests.doors.fhir_client import PDF


def ask(
    product: live.Live, token: str, path: str, body: object = None, accept: str = "application/fhir+json"
) -> tuple[int, bytes, dict[str, str]]:
    """One request over the wire."""
    request = urllib.request.Request(
        f"{product.fhir}/fhir{path}",
        None if body is None else json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Accept": accept, "Content-Type": "application/fhir+json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read(), dict(refusal.headers)


def beside(product: live.Live, *words: str) -> Any:
    """What `fhir_visitors` does and tells inside of the product's own settings."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.doors.fhir_visitors", *words],
        env=os.environ
        | {
            "HEALTHSPACE_HOME": str(product.home),
            "HEALTHSPACE_PORT": str(product.port),
            "HEALTHSPACE_ROLE": "app",
            "DJANGO_SETTINGS_MODULE": "healthspace.config.settings.dev",
            "ACCEPT_TEST_IDENTITIES": "1",
            "DATABASE_URL": "",
        },
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_walk__file_tell_read_hide_refuse_over_http(live_product: live.Live) -> None:
    told = beside(live_product)
    status, _, headers = ask(live_product, told["hospital"], "/DocumentReference", told["document"])
    assert status == 201
    address = "/DocumentReference/" + headers["location"].split("/DocumentReference/")[1].split("/")[0]
    until = time.monotonic() + 20
    while "document_deposited" not in beside(live_product, "notices", told["person"]):
        assert time.monotonic() < until, "the holder was not told"
    status, content, _ = ask(live_product, told["doctor"], address.replace("DocumentReference", "Binary"), accept="*/*")
    assert (status, content) == (200, PDF)
    search = f"/DocumentReference?patient={told['person']}&_total=accurate"
    assert json.loads(ask(live_product, told["doctor"], search)[1])["total"] == 1
    assert ask(live_product, told["stranger"], address)[0] == 404
    beside(live_product, "mask", told["person"])
    refused = ask(live_product, told["doctor"], address)
    absent = ask(live_product, told["doctor"], address[:-20] + "a" * 20)
    assert (refused[0], refused[1]) == (absent[0], absent[1])
    assert refused[0] == 404
    assert json.loads(ask(live_product, told["doctor"], search)[1])["total"] == 0
    journal = beside(live_product, "journal", told["person"])
    assert ["document_opened", "refused", "ACC-17"] in journal
    assert ["document_opened", "refused", "ACC-1"] in journal
    assert ["document_downloaded", "done", "ACC-2"] in journal
