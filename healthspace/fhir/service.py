"""One request through the door: negotiated, recognised, answered; every error an OperationOutcome."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from types import TracebackType
from typing import Final

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, connection

from healthspace.common.actor import Actor
from healthspace.common.errors import HealthspaceError
from healthspace.fhir import capability, certificates, errors, outcome, security
from healthspace.fhir.exchange import Answer, Request
from healthspace.fhir.interactions import create, history, read, record, search, transaction, update
from healthspace.fhir.outcome import Fault, Issue, fault
from healthspace.people import reads as people

log = logging.getLogger("healthspace.fhir")
Handler = Callable[[Request, Actor, str, str], Answer]
_ID: Final = r"([A-Za-z0-9\-.]{1,64})"
_TYPE: Final = "(DocumentReference|Binary|Patient|List)"
ROUTES: Final[tuple[tuple[re.Pattern[str], dict[str, Handler]], ...]] = (
    (re.compile(rf"DocumentReference/{_ID}()"),
     {"GET": read.document, "PUT": update.put, "PATCH": update.patch}),
    (re.compile(r"DocumentReference()()"), {"GET": search.documents, "POST": create.document}),
    (re.compile(rf"Binary/{_ID}()"), {"GET": read.binary}),
    (re.compile(r"()()"), {"POST": transaction.provide}),
    (re.compile(r"DocumentReference/_search()()"), {"POST": search.documents_by_form}),
    (re.compile(rf"DocumentReference/{_ID}/_history()"), {"GET": history.document}),
    (re.compile(rf"DocumentReference/{_ID}/_history/{_ID}"), {"GET": history.version}),
    (re.compile(r"Patient()()"), {"GET": search.patients, "POST": record.create}),
    (re.compile(r"Patient/_search()()"), {"POST": search.patients_by_form}),
    (re.compile(rf"Patient/{_ID}()"), {"GET": read.patient}),
    (re.compile(r"List()()"), {"GET": search.lists}),
    (re.compile(r"List/_search()()"), {"POST": search.lists_by_form}),
    (re.compile(rf"List/{_ID}()"), {"GET": read.submission}),
)  # fmt: skip
# Answered before anybody is recognised: what is here, and where a token is had.
PUBLIC: Final[dict[str, tuple[str, Callable[[Request], Answer]]]] = {
    "metadata": ("GET", capability.answer),
    ".well-known/smart-configuration": ("GET", security.configuration),
    security.TOKEN: ("POST", security.give_token),
}
PRIVATE: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Authorization, Accept"}
_JSON: Final = frozenset({"application/fhir+json", "application/json", "application/*", "*/*", "json", "text/json"})


def body_limit() -> int:
    """Bytes of a body: the largest document in base64, and a megabyte around it."""
    return int(settings.MAX_DOCUMENT_BYTES) * 4 // 3 + 1_000_000


def answer(request: Request) -> Answer:
    """The answer to a request; never raises."""
    net = _Net()
    with net:
        net.found = _guarded(request)
    found = net.answer
    for name, value in PRIVATE.items():
        found.headers.setdefault(name, value)
    return found


class _Net:
    """Catches what nobody foresaw: the caller learns nothing of it, the log only where it was."""

    def __init__(self) -> None:
        self.found: Answer | None = None

    @property
    def answer(self) -> Answer:
        """What was found, or what is said when nothing was."""
        if self.found is None:
            self.found = outcome.answer(fault(500, "exception", "Something is wrong on our side; it is noted."))
        return self.found

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> bool:  # fmt: skip
        if kind is None or not issubclass(kind, Exception):
            return False
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
        log.error("unforeseen %s at %s", kind.__name__, where)
        connection.close()
        return True


def _guarded(request: Request) -> Answer:
    try:
        return _dispatch(request)
    except Fault as stop:
        return outcome.answer(stop)
    except HealthspaceError as error:
        return outcome.answer(errors.as_fault(error))
    except DataError:
        return outcome.answer(fault(422, "value", "A value of the request cannot be stored."))
    except IntegrityError:
        return outcome.answer(fault(409, "conflict", "Somebody else was changing the same; try again."))
    except DatabaseError:
        connection.close()
        return outcome.answer(errors.unavailable())


def _dispatch(request: Request) -> Answer:
    if request.path in PUBLIC:
        method, found = PUBLIC[request.path]
        _check_method(request, {method})
        _negotiate(request)
        return found(request)
    for pattern, handlers in ROUTES:
        matched = pattern.fullmatch(request.path)
        if matched:
            _check_method(request, handlers)
            _negotiate(request)
            actor = _actor(request)
            return handlers[request.method](request, actor, matched[1], matched[2])
    raise outcome.not_found()


def _check_method(request: Request, methods: dict[str, Handler] | set[str]) -> None:
    if request.method not in methods:
        allowed = ", ".join(sorted(methods))
        raise Fault(405, Issue("not-supported", f"Only {allowed} is answered here."), headers={"Allow": allowed})


def _negotiate(request: Request) -> None:
    """JSON or nothing; a Binary may be asked for in its own media type."""
    wished = next((value for name, value in request.query if name == "_format"), "") or request.header("accept")
    if not wished or request.path.startswith("Binary/"):
        return
    names = {part.split(";")[0].strip().lower() for part in wished.replace(" json", "+json").split(",")}
    if not names & _JSON:
        raise fault(406, "not-supported", "This door speaks JSON only.", way_out="Accept: application/fhir+json")


def _actor(request: Request) -> Actor:
    scheme, _, token = request.header("authorization").partition(" ")
    token = token.strip()
    actor = None
    if scheme.lower() == "bearer" and token.isascii() and token.isprintable() and 0 < len(token) <= 512:
        actor = people.actor_by_token(token, certificates.thumbprint(request.header(certificates.HEADER)))
    if actor is None:
        raise Fault(
            401,
            Issue("login", "A token of registered software is needed."),
            headers={"WWW-Authenticate": 'Bearer realm="healthspace"' + (', error="invalid_token"' if token else "")},
        )
    return actor
