"""A witness: keeps the newest checkpoint of a journal it has seen, and signs only what follows from it.

Run by somebody the operator cannot command: an authority, an order, a patients' association. One
file, the standard library and `cryptography`. The protocol is C2SP tlog-witness, the signature
C2SP tlog-cosignature (Ed25519). See docs/witness.md.

    python witness.py --name witness.example/w1 --folder /var/lib/witness --log VKEY [--port 8499]
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MOST_BYTES = 64 * 1024
MOST_PROOF_LINES = 63
EMPTY_ROOT = hashlib.sha256(b"").digest()
LOG_KEY, WITNESS_KEY = b"\x01", b"\x04"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What goes back: status, type, text."""

    status: int
    text: str = ""
    media_type: str = TEXT


def key_id(name: str, kind: bytes, key: bytes) -> bytes:
    """Four bytes that name a key (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:4]


def vkey(name: str, kind: bytes, key: bytes) -> str:
    """A key as people exchange it."""
    return f"{name}+{key_id(name, kind, key).hex()}+{base64.b64encode(kind + key).decode()}"


def read_vkey(text: str, kind: bytes) -> tuple[str, bytes]:
    """Name and public key; `ValueError` if it is none."""
    name, named, coded = text.split("+", 2)
    raw = base64.b64decode(coded, validate=True)
    if len(raw) != 33 or raw[:1] != kind or named != key_id(name, kind, raw[1:]).hex():
        raise ValueError("not a verifier key of this kind")
    return name, raw[1:]


def node(left: bytes, right: bytes) -> bytes:
    """RFC 6962 2.1."""
    return hashlib.sha256(b"\1" + left + right).digest()


def follows(old: int, new: int, proof: list[bytes], old_root: bytes, new_root: bytes) -> bool:
    """RFC 9162 2.1.4.2: is the tree of `old` leaves the beginning of the tree of `new`?"""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof
    if not proof or old > new:
        return False
    path = proof if old & (old - 1) else [old_root, *proof]
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(step, fr), node(step, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root


@dataclass(frozen=True)
class Request:
    """A submitted checkpoint, read but not yet believed."""

    old: int
    proof: list[bytes]
    origin: str
    size: int
    root: bytes
    body: bytes
    signatures: list[tuple[str, bytes]]


def number(text: str) -> int:
    """A decimal without leading zeroes."""
    if not text.isascii() or not text.isdigit() or (text != "0" and text.startswith("0")):
        raise ValueError("not a number")
    return int(text)


def hashed(text: str) -> bytes:
    """A hash in base64."""
    raw = base64.b64decode(text, validate=True)
    if len(raw) != 32:
        raise ValueError("not a hash")
    return raw


def read_request(content: bytes) -> Request:
    """Read the body of add-checkpoint; `ValueError` if it is none."""
    head, note = content.decode().split("\n\n", 1)
    first, *proof_lines = head.split("\n")
    body, tail = note.split("\n\n", 1)
    origin, size, root, *_ = body.split("\n")
    if not first.startswith("old ") or len(proof_lines) > MOST_PROOF_LINES or not origin:
        raise ValueError("not a request")
    signatures = []
    for line in tail.splitlines():
        dash, name, coded = line.split(" ")
        if dash != "\u2014":
            raise ValueError("not a signature line")
        signatures.append((name, base64.b64decode(coded, validate=True)))
    proof = [hashed(line) for line in proof_lines]
    return Request(number(first[4:]), proof, origin, number(size), hashed(root), (body + "\n").encode(), signatures)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file durably: all or nothing, before we answer."""
    draft = path.with_suffix(".draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def say(text: str) -> None:
    """A line for whoever runs the witness."""
    os.write(1, (text + "\n").encode())


class Witness:
    """The memory and the key; one checkpoint is looked at at a time."""

    def __init__(self, name: str, folder: Path, logs: dict[str, bytes]) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.name, self.folder, self.logs = name, folder, logs
        self.lock = threading.Lock()
        seed = folder / "witness.key"
        if not seed.exists():
            write_whole(seed, os.urandom(32))
        self.key = Ed25519PrivateKey.from_private_bytes(seed.read_bytes())

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def memory(self, origin: str) -> Path:
        return self.folder / f"{hashlib.sha256(origin.encode()).hexdigest()}.json"

    def seen(self, origin: str) -> tuple[int, bytes]:
        """Size and root of the newest checkpoint signed for this journal."""
        try:
            kept = json.loads(self.memory(origin).read_bytes())
        except FileNotFoundError:
            return 0, EMPTY_ROOT
        return kept["size"], bytes.fromhex(kept["root"])

    def add(self, content: bytes) -> Answer:
        """The whole of add-checkpoint."""
        try:
            asked = read_request(content)
        except ValueError:
            return Answer(400, "not a request\n")
        key = self.logs.get(asked.origin)
        if key is None:
            return Answer(404, "unknown journal\n")
        if not self.is_signed(asked, key):
            return Answer(403, "no valid signature of the journal\n")
        if asked.old > asked.size:
            return Answer(400, "old size above new\n")
        with self.lock:
            return self.compare(asked, content)

    def is_signed(self, asked: Request, key: bytes) -> bool:
        named = key_id(asked.origin, LOG_KEY, key)
        for name, blob in asked.signatures:
            if name == asked.origin and blob[:4] == named:
                try:
                    Ed25519PublicKey.from_public_bytes(key).verify(blob[4:], asked.body)
                except InvalidSignature:
                    continue
                return True
        return False

    def compare(self, asked: Request, content: bytes) -> Answer:
        size, root = self.seen(asked.origin)
        if asked.old != size:
            return Answer(409, f"{size}\n", "text/x.tlog.size")
        if asked.old == asked.size and asked.root != root:
            self.keep_evidence(content)
            return Answer(409, f"{size}\n", "text/x.tlog.size")
        if not follows(size, asked.size, asked.proof, root, asked.root):
            self.keep_evidence(content)
            return Answer(422, "this is not what I saw before\n")
        kept = {"origin": asked.origin, "size": asked.size, "root": asked.root.hex(), "note": asked.body.decode()}
        write_whole(self.memory(asked.origin), json.dumps(kept).encode())
        return Answer(200, self.cosign(asked.body))

    def cosign(self, body: bytes) -> str:
        at = int(time.time())
        signature = self.key.sign(f"cosignature/v1\ntime {at}\n".encode() + body)
        blob = key_id(self.name, WITNESS_KEY, self.public) + at.to_bytes(8, "big") + signature
        return f"\u2014 {self.name} {base64.b64encode(blob).decode()}\n"

    def keep_evidence(self, content: bytes) -> None:
        """A signed checkpoint that contradicts what we saw proves a bent journal: never lose it."""
        name = f"evidence-{time.time_ns()}-{hashlib.sha256(content).hexdigest()[:8]}.txt"
        write_whole(self.folder / name, content)
        say(f"EVIDENCE of a bent journal: {name}")


class Door(BaseHTTPRequestHandler):
    """HTTP around `Witness.add`."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    witness: Witness

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self.close_connection = True
            self.reply(Answer(404, "not here\n"))
        elif not length.isdigit() or int(length) > MOST_BYTES:
            self.close_connection = True
            self.reply(Answer(413, "too long\n"))
        else:
            self.reply(self.witness.add(self.rfile.read(int(length))))

    def do_GET(self) -> None:
        """The checkpoint this witness last signed, by its journal's place in the list: /seen/0."""
        origins = list(self.witness.logs)
        place = self.path.removeprefix("/seen/")
        if not place.isdigit() or int(place) >= len(origins):
            self.reply(Answer(404, "not here\n"))
            return
        size, root = self.witness.seen(origins[int(place)])
        self.reply(Answer(200, f"{origins[int(place)]}\n{size}\n{base64.b64encode(root).decode()}\n"))

    def reply(self, answer: Answer) -> None:
        content = answer.text.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: only evidence is worth a line."""


def main() -> None:
    """Serve until stopped."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--name", required=True)
    words.add_argument("--folder", required=True, type=Path)
    words.add_argument("--log", required=True, action="append", help="verifier key of a journal")
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--port", default=8499, type=int)
    given = words.parse_args()
    logs = dict(read_vkey(text, LOG_KEY) for text in given.log)
    Door.witness = Witness(given.name, given.folder, logs)
    server = ThreadingHTTPServer((given.host, given.port), Door)
    say(f"witness key: {vkey(given.name, WITNESS_KEY, Door.witness.public)}")
    say(f"listening on http://{given.host}:{server.server_address[1]}")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
