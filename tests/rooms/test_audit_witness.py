"""A witness in a process of its own: it signs what follows, refuses what does not, and keeps the proof."""

import base64
import http.client
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from healthspace.audit import actions as audit
from healthspace.audit import reads as journal
from healthspace.audit import rules, tasks
from healthspace.audit.actions import witnesses
from healthspace.audit.adapters import signer as signers
from healthspace.audit.adapters import witness as wire
from healthspace.config import env
from healthspace.vault import actions as vault
from tests.rooms.ledger import connected, database_apart, owner_of, person


@dataclass(slots=True)
class Running:
    folder: Path
    address: str
    key: str
    process: "subprocess.Popen[str]"

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def post(self, content: bytes, path: str = "/add-checkpoint") -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("POST", path, content)
        response = connection.getresponse()
        answer = response.status, response.headers["Content-Type"], response.read().decode()
        connection.close()
        return answer

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def start(folder: Path) -> Running:
    key = wire.verifier_key(signers.origin(), signers.signer().public_key())
    command = [sys.executable, str(env.ROOT / "tools" / "witness.py"), "--name", "witness.example/w1"]
    process = subprocess.Popen(
        [*command, "--folder", str(folder), "--log", key, "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    own = process.stdout.readline().removeprefix("witness key: ").strip()
    address = process.stdout.readline().removeprefix("listening on ").strip()
    return Running(folder, address, own, process)


@pytest.fixture
def apart() -> Iterator[str]:
    witnesses._seen.clear()
    with database_apart() as name:
        yield name


@pytest.fixture
def witness(tmp_path: Path, settings: object) -> Iterator[Running]:
    running = start(tmp_path / "witness")
    settings.JOURNAL_WITNESSES = [f"{running.address} {running.key}"]  # type: ignore[attr-defined]
    yield running
    running.stop()


def grow(name: str, lines: int) -> None:
    amina = person()
    for _ in range(lines):
        amina.note()
    with connected("worker", name):
        tasks.sequence_once()


def ask(name: str) -> int:
    with connected("worker", name):
        return audit.ask_witnesses()


def test_ask_witnesses__signs_what_follows_again_and_again(apart: str, witness: Running) -> None:
    assert ask(apart) == 0
    for lines in (1, 4, 300):
        grow(apart, lines)
        assert ask(apart) == 1
        assert ask(apart) == 0, "once is enough"
        note = journal.checkpoint()
        read = rules.parse_checkpoint(note)
        assert [name for name, _, _ in read.signatures] == [signers.origin(), "witness.example/w1"]
    with connected("worker", apart):
        assert journal.verify(witnessed=[note]).is_whole


def test_witness__remembers_over_a_restart(apart: str, witness: Running, settings: object) -> None:
    grow(apart, 3)
    assert ask(apart) == 1
    witness.stop()
    assert ask(apart) == 0
    again = start(witness.folder)
    try:
        assert again.key == witness.key
        settings.JOURNAL_WITNESSES = [f"{again.address} {again.key}"]  # type: ignore[attr-defined]
        witnesses._seen.clear()  # the operator's side restarted too: it learns the size from the 409
        grow(apart, 2)
        assert ask(apart) == 1
        connection = http.client.HTTPConnection("127.0.0.1", again.port, timeout=10)
        connection.request("GET", "/seen/0")
        seen = connection.getresponse().read().decode().splitlines()
        connection.close()
        assert seen[:2] == [signers.origin(), "5"]
    finally:
        again.stop()


def test_witness__another_history_is_refused_and_kept_as_evidence(
    apart: str, witness: Running, caplog: pytest.LogCaptureFixture
) -> None:
    grow(apart, 5)
    assert ask(apart) == 1
    with owner_of(apart) as owner:
        owner.execute("UPDATE audit_event SET rule = 'ACC-5', leaf_index = NULL")
        for table in ("audit_tile", "audit_checkpoint"):
            owner.execute(f"DELETE FROM {table}")
        owner.execute("UPDATE audit_tree SET size = 0")
    grow(apart, 2)
    with connected("worker", apart):
        assert journal.verify().is_whole, "inside, the rewriting is perfect"
    assert ask(apart) == 0
    assert "another history" in caplog.text
    (evidence,) = witness.folder.glob("evidence-*.txt")
    kept = rules.parse_checkpoint(evidence.read_text().split("\n\n", 1)[1])
    assert kept.size == 7


def test_witness__a_shorter_journal_is_told(apart: str, witness: Running, caplog: pytest.LogCaptureFixture) -> None:
    grow(apart, 5)
    assert ask(apart) == 1
    with owner_of(apart) as owner:
        owner.execute("DELETE FROM audit_event WHERE leaf_index > 1")
        owner.execute("UPDATE audit_event SET leaf_index = NULL")
        for table in ("audit_tile", "audit_checkpoint"):
            owner.execute(f"DELETE FROM {table}")
        owner.execute("UPDATE audit_tree SET size = 0")
    with connected("worker", apart):
        tasks.sequence_once()
    witnesses._seen.clear()
    assert ask(apart) == 0
    assert "longer journal" in caplog.text


class Impostor(BaseHTTPRequestHandler):
    """Answers as the witness would, without its key."""

    line = ""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.line.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def test_ask_witnesses__an_impostor_is_not_believed(apart: str, witness: Running, settings: object) -> None:
    known = wire.read(f"{witness.address} {witness.key}")
    Impostor.line = rules.signature_line(known.name, known.key_id, b"\0" * 72)
    server = HTTPServer(("127.0.0.1", 0), Impostor)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.JOURNAL_WITNESSES = [f"http://127.0.0.1:{server.server_address[1]} {witness.key}"]  # type: ignore[attr-defined]
    try:
        grow(apart, 2)
        assert ask(apart) == 0
        assert known.name not in journal.checkpoint()
    finally:
        server.shutdown()
        server.server_close()


def signed(size: int, root: bytes, origin: str = "") -> str:
    origin = origin or signers.origin()
    body = rules.checkpoint_body(origin, size, root)
    key_id = rules.key_hash(origin, b"\x01", signers.signer().public_key())
    return body.decode() + "\n" + rules.signature_line(origin, key_id, vault.sign(body))


def request(old: int, note: str, proof: tuple[bytes, ...] = ()) -> bytes:
    lines = [f"old {old}", *(base64.b64encode(step).decode() for step in proof)]
    return ("\n".join(lines) + "\n\n" + note).encode()


def test_witness__answers_as_the_protocol_says(witness: Running) -> None:
    one, two = rules.leaf_hash(b"1"), rules.leaf_hash(b"2")
    both = rules.node_hash(one, two)
    forged = signed(1, one)[:-8] + "AAAAAA=\n"
    for content in (b"", b"nonsense", b"old 1\n\n", request(5, signed(1, one)), request(0, "a\nb\nc\n\n"),
                    request(0, signed(1, one)).replace(b"old 0", b"old 00"), b"\xff" * 50):  # fmt: skip
        assert witness.post(content)[0] == 400
    assert witness.post(request(0, signed(1, one, "another/journal")))[0] == 404
    assert witness.post(request(0, forged))[0] in {400, 403}
    assert witness.post(request(0, signed(1, one).split("\n\n")[0] + "\n\n"))[0] == 403
    assert witness.post(request(1, signed(2, both, ""), (two,)))[:2] == (409, "text/x.tlog.size")
    assert witness.post(request(0, signed(1, one), (two,)))[0] == 422
    status, _, text = witness.post(request(0, signed(1, one)))
    assert status == 200
    assert text.startswith("— witness.example/w1 ")
    assert witness.post(request(0, signed(2, both)))[::2] == (409, "1\n")
    assert witness.post(request(1, signed(1, two)))[::2] == (409, "1\n")
    assert witness.post(request(1, signed(2, both), (one,)))[0] == 422
    assert witness.post(request(1, signed(2, both)))[0] == 422
    assert witness.post(request(1, signed(2, both), (two,) * 64))[0] == 400
    assert witness.post(request(1, signed(2, both), (two,)))[0] == 200
    assert witness.post(request(2, signed(2, both)))[0] == 200
    assert witness.post(b"x" * 70_000)[0] == 413
    assert witness.post(b"x", "/elsewhere")[0] == 404
    assert len(list(witness.folder.glob("evidence-*.txt"))) == 4


def test_read__a_line_that_names_no_witness_is_refused(witness: Running) -> None:
    assert wire.read(f"{witness.address} {witness.key}").name == "witness.example/w1"
    for text in ("http://x", f"http://x {witness.key[:-4]}", f"http://x other{witness.key}"):
        with pytest.raises(ValueError, match=r"."):
            wire.read(text)
