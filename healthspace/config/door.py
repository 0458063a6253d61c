"""What stands before Django in both doors: the health probes, and a look at the database connection."""

import gc
import multiprocessing
import os
import select
import signal
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from healthspace.ops import health, process

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def door(application: Application) -> Application:
    """The application behind its probes."""
    process.die_with_parent(signal.SIGKILL)  # a server killed by force leaves no worker on its port
    server = multiprocessing.parent_process()
    if server is not None and not server.is_alive():  # it was killed before that was asked
        os._exit(1)
    _rest_the_collector()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/health/"):
            status, body = health.answer(environ["PATH_INFO"])
            start_response(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
            return [body]
        _drop_dead_connection()
        return application(environ, start_response)

    return answer


def _rest_the_collector() -> None:
    """What is loaded stays, so cycles are looked for rarely and not in it: an answer makes many objects, few cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _drop_dead_connection() -> None:
    """An idle connection never has bytes to read: if it has, the server said farewell. Costs no round trip."""
    held = connection.connection
    if held is not None and (held.closed or select.select([held.pgconn.socket], [], [], 0)[0]):
        connection.close()
