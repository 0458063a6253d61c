"""The examples of docs/api are run as they stand, by a shell and curl, against a server on a port."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.db import connection

from healthspace.config import env
from healthspace.fhir import wsgi
from tests import people
from tests.factories import clients

PAGE = env.ROOT / "docs/api/README.md"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """The door on a real port, in a thread of its own."""
    server = make_server("127.0.0.1", 0, wsgi.application, handler_class=Quiet)

    def serve() -> None:
        server.serve_forever(poll_interval=0.05)
        connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/fhir"
    server.shutdown()
    thread.join()
    server.server_close()


def test_docs__every_example_works(address: str, tmp_path: Path) -> None:
    sender, amina = clients.software("RSA", "RS384"), people.amina()
    doctor = people.dr_nguyen(sender.place)
    people.grant(amina, doctor)
    (tmp_path / "client.pem").write_bytes(sender.key.as_pem(private=True))
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) == 6
    told = {
        "FHIR": address,
        "CLIENT": str(sender.id),
        "KID": sender.kid,
        "RPPS": doctor.rpps,
        "INS": amina.ins.matricule,
        "FAMILY": amina.traits.birth_name,
        "GIVEN": amina.traits.first_names[0],
        "BORN": amina.traits.born_on.isoformat(),
    }
    done = subprocess.run(
        ["bash", "-e", "-c", "\n".join(blocks)],
        env=os.environ | told,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "document.txt").read_text() == "Bonjour, tout va bien.\n"
    assert str(amina.person_id) in (tmp_path / "patient.json").read_text()
