# ruff: noqa: E501
"""The virus scanner's port, against a server that speaks clamd's protocol (T52)."""

import os
import socket
import struct
import threading

import pytest

from healthspace.documents.adapters.antivirus import scanner
from healthspace.documents.ports import Scan
from tests.rooms.intake import corpus

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def serve(listener, answer=None):
    """Take files as clamd does, one a connection; `answer` replaces the honest one."""

    def one(line):
        with line, line.makefile("rb") as read:
            assert read.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack(">I", read.read(4))[0]:
                content += read.read(size)
            said = b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
            line.sendall(said if answer is None else answer)

    def loop():
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            one(line)

    threading.Thread(target=loop, daemon=True).start()


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as found:
        yield found


def url(listener):
    return f"tcp://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("content", [b"", b"x", corpus.pdf(), os.urandom(300_000)])
def test_scan__harmless_file_is_clean(listener, content):
    serve(listener)

    assert scanner(url(listener)).scan(content) == Scan("clean")


@pytest.mark.parametrize("before", [0, 70, 65_530, 200_000])
def test_scan__eicar_is_found_wherever_it_lies(listener, before):
    serve(listener)

    assert scanner(url(listener)).scan(b"\n" * before + EICAR) == Scan("infected", "Eicar-Signature")


def test_scan__over_a_unix_socket(tmp_path):
    path = str(tmp_path / "clamd")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen()
        serve(listener)

        assert scanner(f"unix://{path}").scan(EICAR).verdict == "infected"


@pytest.mark.parametrize("answer", [
    b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK FOUND ERROR\0", b"", b"\0", b"UNKNOWN COMMAND\0", b"\xff" * 9000,
])  # fmt: skip
def test_scan__any_other_answer_is_not_clean(listener, answer):
    serve(listener, answer)

    assert scanner(url(listener)).scan(b"x").verdict == "unavailable"


def test_scan__scanner_that_is_down_is_unavailable(listener):
    address = url(listener)
    listener.close()

    assert scanner(address).scan(b"x").verdict == "unavailable"
    assert scanner("unix:///nowhere/clamd").scan(b"x").verdict == "unavailable"


def test_scan__scanner_that_never_answers_is_unavailable_in_time(listener):
    assert scanner(url(listener), seconds=0.2).scan(b"x").verdict == "unavailable"


def test_scan__file_too_large_for_the_scanner_is_unavailable(listener):
    assert scanner(url(listener), max_bytes=10).scan(b"x" * 11).verdict == "unavailable"


def test_scanner__none_set_up_says_not_scanned():
    assert scanner("").scan(EICAR) == Scan("not_scanned")


@pytest.mark.parametrize("wrong", ["clamd", "http://127.0.0.1:3310", "tcp://", "unix://"])
def test_scanner__wrong_setting_is_told_at_start(wrong):
    with pytest.raises(ValueError, match="unix:///path"):
        scanner(wrong)
