"""The parser process: loads the parsers once, then forks one confined child for each file.

Started by `sandbox`, never imported by a door. Asks come over a socket that keeps message borders, each with two
descriptors: the file (in memory) and the pipe for the answer. An answer begins with "+" (done) or "-" (refused).
"""

from __future__ import annotations

import gc
import json
import math
import os
import select
import signal
import socket
import time
from typing import NoReturn, TypedDict

from healthspace.documents.adapters import confine, workshop

MESSAGE_BYTES = 64 * 1024
IDLE_SECONDS = 60


class Ask(TypedDict):
    task: str
    size: int
    params: dict[str, str | int]
    seconds: float
    memory_mb: int


class Forker:
    """One thread, one socket, the children alive and when each must be gone."""

    def __init__(self, control: socket.socket, child_filter: bytes | None) -> None:
        self.control = control
        self.child_filter = child_filter
        self.poller = select.poll()
        self.poller.register(control, select.POLLIN)
        self.children: dict[int, tuple[int, float]] = {}

    def serve(self) -> None:
        """Until the door's end of the socket closes: the door is gone, and everything here goes with it.

        Or until nothing was asked for a while: the door starts another when it needs one, and rests lighter.
        """
        while True:
            ready = self.poller.poll(self.patience())
            if not ready and not self.children:
                return
            for descriptor, _ in ready:
                if descriptor != self.control.fileno():
                    self.bury(descriptor)
                elif not self.accept():
                    return
            self.kill_overdue()

    def patience(self) -> int:
        if not self.children:
            return IDLE_SECONDS * 1000
        return max(0, int((min(end for _, end in self.children.values()) - time.monotonic()) * 1000)) + 1

    def accept(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self.control, MESSAGE_BYTES, 2)
        if not message or len(descriptors) != 2:
            return False
        ask: Ask = json.loads(message)
        # The C function on purpose: Python's hooks around fork (locks, random seeds) touch some 200 pages, 0.5 ms
        # of copying, and matter only where other threads run. Here is one thread.
        pid = confine.libc.fork()
        if pid == 0:
            work(ask, descriptors[0], descriptors[1], self.control, self.child_filter)
        for descriptor in descriptors:
            os.close(descriptor)
        watch = os.pidfd_open(pid)
        self.children[watch] = (pid, time.monotonic() + ask["seconds"])
        self.poller.register(watch, select.POLLIN)
        return True

    def bury(self, watch: int) -> None:
        pid, _ = self.children.pop(watch)
        self.poller.unregister(watch)
        os.close(watch)
        os.waitpid(pid, 0)

    def kill_overdue(self) -> None:
        now = time.monotonic()
        for watch, (_, end) in self.children.items():
            if end <= now:
                signal.pidfd_send_signal(watch, signal.SIGKILL)


def work(ask: Ask, source: int, answer: int, control: socket.socket, child_filter: bytes | None) -> NoReturn:
    """In the child: give up the rest, read the file, do the task, answer, end. No answer means it broke."""
    try:
        os.close(control.fileno())
        confine.limit(max(1, math.ceil(ask["seconds"])), ask["memory_mb"])
        if child_filter is not None and not confine.apply_filter(child_filter):
            os._exit(3)
        content = os.pread(source, ask["size"], 0)
        try:
            reply = [b"+", workshop.TASKS[ask["task"]](content, ask["params"])]
        except workshop.Fault as fault:
            reply = [b"-", fault.rule.encode()]
        except MemoryError:
            reply = [b"-", b"too_big"]
        for piece in reply:
            view = memoryview(piece)
            while view:
                view = view[os.write(answer, view) :]
    finally:
        os._exit(0)


def main(descriptor: int, *, is_in_namespaces: bool) -> None:
    """Load, confine, say what holds, serve."""
    control = socket.socket(fileno=descriptor)
    confine.renounce()
    workshop.warm_up()
    filters = confine.programs()
    holds = ["limits"]
    if is_in_namespaces:
        holds.append("namespaces")
    elif confine.drop_root():
        holds.append("nobody")
    gc.collect()
    confine.libc.malloc_trim(0)  # else each child first walks, and so copies, the free lists
    gc.freeze()
    gc.disable()
    if filters is not None and confine.apply_filter(filters[0]):
        holds.append("system calls")
    else:
        filters = None
    control.send(json.dumps(holds).encode())
    Forker(control, filters[1] if filters else None).serve()


def start(arguments: list[str]) -> None:
    """Arguments: the number of our end of the socket; "namespaces" when bubblewrap is around us."""
    main(int(arguments[0]), is_in_namespaces=arguments[1] == "namespaces")
