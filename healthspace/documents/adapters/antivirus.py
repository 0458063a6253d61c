"""Asks a virus scanner about a file: clamd's INSTREAM, or nobody where none is set up (T52)."""

from __future__ import annotations

import socket
import struct
from urllib.parse import urlsplit

from healthspace.documents.ports import Scan, Scanner

CHUNK = 64 * 1024
ANSWER_BYTES = 4096


class NoScanner:
    """No scanner set up: says so, and the caller decides."""

    def scan(self, content: bytes) -> Scan:
        return Scan("not_scanned")


class Clamd:
    """A clamd on a unix socket or a TCP port. Any trouble is `unavailable`: the file is then not released."""

    def __init__(self, address: str | tuple[str, int], *, seconds: float = 10, max_bytes: int = 25 << 20) -> None:
        self.address = address
        self.seconds = seconds
        self.max_bytes = max_bytes

    def scan(self, content: bytes) -> Scan:
        if len(content) > self.max_bytes:
            return Scan("unavailable", "too large for the scanner")
        try:
            return _verdict(self._ask(content))
        except OSError:
            return Scan("unavailable", "no answer")

    def _ask(self, content: bytes) -> bytes:
        with self._line() as line:
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(content), CHUNK):
                piece = content[at : at + CHUNK]
                line.sendall(struct.pack(">I", len(piece)) + piece)
            line.sendall(struct.pack(">I", 0))
            return _answer(line)

    def _line(self) -> socket.socket:
        if not isinstance(self.address, str):
            return socket.create_connection(self.address, timeout=self.seconds)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(self.seconds)
        try:
            line.connect(self.address)
        except OSError:
            line.close()
            raise
        return line


def scanner(url: str, *, seconds: float = 10, max_bytes: int = 25 << 20) -> Scanner:
    """The scanner a setting names: "" for none, unix:///path, or tcp://host:port."""
    if not url:
        return NoScanner()
    parts = urlsplit(url)
    if parts.scheme == "unix" and parts.path:
        return Clamd(parts.path, seconds=seconds, max_bytes=max_bytes)
    if parts.scheme == "tcp" and parts.hostname:
        return Clamd((parts.hostname, parts.port or 3310), seconds=seconds, max_bytes=max_bytes)
    raise ValueError("a scanner is named unix:///path or tcp://host:port")


def _answer(line: socket.socket) -> bytes:
    answer = b""
    while b"\0" not in answer and len(answer) < ANSWER_BYTES:
        piece = line.recv(ANSWER_BYTES)
        if not piece:
            break
        answer += piece
    return answer.partition(b"\0")[0]


def _verdict(answer: bytes) -> Scan:
    """Of clamd's line: "stream: OK", "stream: NAME FOUND", anything else is trouble."""
    said = answer.decode("ascii", "replace").strip()
    if said == "stream: OK":
        return Scan("clean")
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return Scan("infected", said[len("stream: ") : -len(" FOUND")])
    return Scan("unavailable", "no verdict")
