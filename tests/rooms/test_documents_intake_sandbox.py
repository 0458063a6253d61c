"""The parser process: nothing gets out of it, nothing stops it, and it goes when its door goes (T50, T51)."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from healthspace.documents.adapters import sandbox
from healthspace.documents.adapters.sandbox import ParserFailed

PROBES = """
import ctypes, errno, os, socket, sys, time
from healthspace.documents.adapters import workshop, zygote
from healthspace.documents.adapters.confine import libc

def attempt(act):
    def task(content, params):
        try:
            return b"did it: " + str(act()).encode()
        except OSError as error:
            return b"refused " + errno.errorcode.get(error.errno, "?").encode()
    return task

def raw(name, *arguments):
    ctypes.set_errno(0)
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)

def fork():
    pid = libc.fork()
    if pid == 0:  # were it ever allowed, the test must not fill the machine
        os._exit(0)
    if pid < 0:
        raise OSError(ctypes.get_errno(), "fork")

def spend():
    while True:
        pass

def grow():
    return len([bytearray(1 << 20) for _ in range(4000)])

workshop.TASKS.update({
    "socket": attempt(lambda: socket.socket(socket.AF_INET)),
    "unix socket": attempt(lambda: socket.socket(socket.AF_UNIX)),
    "socket pair": attempt(socket.socketpair),
    "passwd": attempt(lambda: os.open("/etc/passwd", os.O_RDONLY)),
    "environment": attempt(lambda: os.open("/proc/self/environ", os.O_RDONLY)),
    "list": attempt(lambda: os.listdir("/")),
    "write": attempt(lambda: os.open("/tmp/probe", os.O_WRONLY | os.O_CREAT)),
    "remove": attempt(lambda: os.unlink("/etc/hostname")),
    "fork": attempt(fork),
    "many forks": attempt(lambda: [fork() for _ in range(1000)]),
    "exec": attempt(lambda: os.execv("/bin/sh", ["sh"])),
    "kill": attempt(lambda: os.kill(os.getppid(), 9)),
    "ptrace": attempt(lambda: raw("ptrace", 16, os.getppid(), 0, 0)),
    "mount": attempt(lambda: raw("mount", b"none", b"/", b"tmpfs", 0, None)),
    "namespaces": attempt(lambda: raw("unshare", 0x10000000)),
    "loosen limits": attempt(lambda: raw("setrlimit", 9, (ctypes.c_ulong * 2)(1 << 40, 1 << 40))),
    "control": attempt(lambda: os.dup2(0, 9)),
    "loop": lambda content, params: spend(),
    "sleep": lambda content, params: time.sleep(60),
    "grow": lambda content, params: str(grow()).encode(),
    "crash": lambda content, params: ctypes.string_at(0),
    "recurse": lambda content, params: workshop.TASKS["recurse"](content, params),
    "seen": lambda content, params: repr((dict(os.environ), sys.argv)).encode(),
    "long answer": lambda content, params: b"x" * (200 << 20),
    "echo": lambda content, params: content,
})
zygote.IDLE_SECONDS = 1
zygote.start(sys.argv[1:])
"""

REFUSED = [
    "socket",
    "unix socket",
    "socket pair",
    "passwd",
    "environment",
    "list",
    "write",
    "remove",
    "fork",
    "many forks",
]
REFUSED += ["exec", "kill", "ptrace", "mount", "namespaces", "loosen limits", "control"]


@pytest.fixture(params=["namespaces", "plain"], scope="module")
def probed(request):
    """A parser process that also knows how to misbehave, with bubblewrap around it and without."""
    commands = sandbox._commands()
    if request.param == "namespaces" and len(commands) == 1:
        pytest.skip("bubblewrap is not installed.")
    command = commands[0] if request.param == "namespaces" else commands[-1]
    command = [*command[:-1], f"import sys; sys.path.insert(0, {str(sandbox.ROOT)!r})\n{PROBES}"]
    before, patch = sandbox._parser, pytest.MonkeyPatch()
    patch.setattr(sandbox, "_commands", lambda: [command])
    patch.setattr(sandbox, "_parser", sandbox._Parser())
    try:
        sandbox.warm()
    except sandbox.Unavailable:
        patch.undo()
        pytest.skip("This machine does not let us make namespaces.")
    yield request.param
    sandbox._parser.process.kill()
    sandbox._parser.process.wait()
    patch.undo()
    assert sandbox._parser is before


def pids_of(process: subprocess.Popen[bytes]) -> list[int]:
    return [process.pid, *(child.pid for child in psutil.Process(process.pid).children(recursive=True))]


def test_strength__says_what_holds(probed):
    holds = sandbox.strength()

    assert "limits" in holds
    assert "system calls" in holds
    assert ("namespaces" in holds) == (probed == "namespaces")


@pytest.mark.parametrize("probe", REFUSED)
def test_probe__crafted_file_is_refused_by_the_kernel(probed, probe):
    said = sandbox.run(probe, b"x")

    assert said.startswith(b"refused E"), said


def test_probe__no_environment_and_no_key_is_seen(probed, monkeypatch):
    assert b"SECRET" not in sandbox.run("seen", b"")
    assert b"PATH" not in sandbox.run("seen", b"")


@pytest.mark.parametrize("task", ["loop", "sleep"])
def test_run__endless_task_is_killed_in_time(probed, task):
    begun = time.monotonic()

    with pytest.raises(ParserFailed) as failed:
        sandbox.run(task, b"", seconds=1)

    assert failed.value.reason == "timeout"
    assert time.monotonic() - begun < 8


@pytest.mark.parametrize("task, reason", [("grow", "too_big"), ("crash", "crashed"), ("recurse", "crashed")])
def test_run__broken_child_leaves_the_others_alone(probed, task, reason):
    with pytest.raises(ParserFailed) as failed:
        sandbox.run(task, b"", memory_mb=256)

    assert failed.value.reason == reason
    assert sandbox.run("echo", b"still here") == b"still here"


def test_run__answer_without_end_is_cut(probed):
    with pytest.raises(ParserFailed) as failed:
        sandbox.run("long answer", b"", memory_mb=1024)

    assert failed.value.reason == "too_big"


def test_run__large_files_pass_whole(probed):
    content = os.urandom(25 << 20)

    assert sandbox.run("echo", content) == content


def test_run__eight_at_once_all_answer(probed):
    answers = {}

    def ask(number):
        answers[number] = [sandbox.run("echo", b"%d" % number * 1000) for _ in range(20)]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert {number: set(found) for number, found in answers.items()} == {n: {b"%d" % n * 1000} for n in range(8)}


def test_run__killed_parser_process_is_started_again(probed):
    for pid in reversed(pids_of(sandbox._parser.process)):
        os.kill(pid, signal.SIGKILL)
    sandbox._parser.process.wait()

    assert sandbox.run("echo", b"again") == b"again"


def test_parser_process__rests_when_nothing_is_asked_and_comes_back(probed):
    sandbox.run("echo", b"x")
    sandbox._parser.process.wait(timeout=10)

    assert sandbox.run("echo", b"again") == b"again"


def test_run__no_child_is_left_over(probed):
    with pytest.raises(ParserFailed):
        sandbox.run("crash", b"")
    sandbox.run("echo", b"x")
    time.sleep(0.2)

    living = [psutil.Process(pid) for pid in pids_of(sandbox._parser.process)]
    assert all(process.status() != psutil.STATUS_ZOMBIE for process in living)
    assert len(living) <= 2


def test_parser_process__goes_when_its_door_is_killed():
    script = (
        "import json, os, psutil, sys; from healthspace.documents.adapters import sandbox; sandbox.warm();"
        "print(json.dumps([p.pid for p in psutil.Process().children(recursive=True)]), flush=True); sys.stdin.read()"
    )
    door = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=sandbox.ROOT
    )
    children = json.loads(door.stdout.readline())
    door.kill()
    door.communicate()

    _, alive = psutil.wait_procs([psutil.Process(pid) for pid in children if psutil.pid_exists(pid)], timeout=5)
    assert children
    assert alive == []


def test_run__full_house_says_so_rather_than_wait_forever(monkeypatch):
    monkeypatch.setattr(sandbox, "QUEUE_SECONDS", 0.05)
    monkeypatch.setattr(sandbox._parser, "slots", threading.BoundedSemaphore(1))
    sandbox._parser.slots.acquire()

    with pytest.raises(sandbox.Unavailable):
        sandbox.run("texts", b"a", params={"kind": "text"})
