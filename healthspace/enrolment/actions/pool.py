"""Parts of mass work done by a few processes, each with a connection of its own."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, Final, TypeVar

from django.db import DatabaseError, connections

from healthspace.common.errors import HealthspaceError, Unavailable

P = TypeVar("P")
R = TypeVar("R")
_FORK: Final = multiprocessing.get_context("fork")  # what was imported is shared, not loaded once a process


class Ended(Unavailable):
    """A process ended in the middle; what it had done stays, the rest follows on the next run."""


def run(parts: Iterator[P], take: Callable[[P], R], *, processes: int, done: Callable[[R], None]) -> None:
    """Take every part and tell what came of it; with one process here, otherwise in processes of their own.

    Outside of transactions, where `processes` is more than one; what `parts` asks of the database it asks late.
    """
    if processes < 2:
        for part in parts:
            done(take(part))
        return
    connections.close_all()
    gc.freeze()
    started = [_start(take) for _ in range(processes)]
    try:
        _feed(parts, dict(started), done)
    finally:
        for pipe, _ in started:
            pipe.close()
        for _, process in started:
            process.join()
        gc.unfreeze()


def _feed(
    parts: Iterator[P], running: dict[Connection, multiprocessing.process.BaseProcess], done: Callable[[R], None],
) -> None:  # fmt: skip
    busy: set[Connection] = set()
    for pipe in running:
        if (part := next(parts, None)) is not None:
            pipe.send(part)
            busy.add(pipe)
    while busy:
        ready = set(wait(list(busy)))
        for pipe in busy & ready:
            done(_answer(pipe))
            busy.discard(pipe)
            if (part := next(parts, None)) is not None:
                pipe.send(part)
                busy.add(pipe)


def _answer(pipe: Connection) -> Any:
    try:
        told = pipe.recv()
    except EOFError:
        raise Ended("a process of this command ended") from None
    if isinstance(told, BaseException):
        raise told
    return told


def _start(take: Callable[[P], R]) -> tuple[Connection, multiprocessing.process.BaseProcess]:
    ours, theirs = _FORK.Pipe()
    process = _FORK.Process(target=_work, args=(theirs, ours, take), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def _work(pipe: Connection, parents: Connection, take: Callable[[P], R]) -> None:
    """Take what comes until the parent closes the pipe, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends in order, and this with it
    parents.close()
    parent = os.getppid()
    gc.disable()  # looking for cycles among a part's rows costs a tenth of the time: once after it is enough
    try:
        while os.getppid() == parent:
            part = pipe.recv()
            try:
                pipe.send(take(part))
            except (DatabaseError, HealthspaceError, OSError) as fault:  # the parent raises it
                with suppress(BrokenPipeError):  # unless it raised another process's already
                    pipe.send(fault)
                return
            del part
            gc.collect()
    except EOFError:
        connections.close_all()
