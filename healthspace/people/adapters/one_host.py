"""HTTP to one host and no other: no redirects, no proxies of the environment, bounded in time and in bytes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 4.0
ANSWER_SECONDS: Final = 6.0
MOST_BYTES: Final = 256 * 1024
PIECE: Final = 16 * 1024
# A provider that hangs must not hold every thread of the door: one call at a time in a process, the next waits shortly.
_CALLING: Final = BoundedSemaphore(1)
PATIENCE_SECONDS: Final = 2.0


class OneHost(HTTPAdapter):
    """The transport of a session that speaks to a single host; what breaks its bounds is a `RequestException`."""

    def __init__(self, scheme: str, host: str) -> None:
        super().__init__(max_retries=0)
        self.scheme, self.host = scheme, host

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002 - the signature of requests
        timeout: Any = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002 - the same
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """One answer, read to its end; never a redirect, never of another host."""
        parts = urlsplit(request.url or "")
        if (parts.scheme, parts.netloc) != (self.scheme, self.host):
            raise requests.exceptions.InvalidURL("another host")
        until = time.monotonic() + ANSWER_SECONDS
        response = super().send(
            request, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS), verify=verify, cert=cert, proxies={}
        )
        if 300 <= response.status_code < 400:
            response.close()
            raise requests.exceptions.TooManyRedirects("a redirect")
        response._content = _read(response, until)
        return response


def _read(response: requests.Response, until: float) -> bytes:
    body = b""
    try:
        while piece := response.raw.read1(PIECE, decode_content=True):
            body += piece
            if len(body) > MOST_BYTES or time.monotonic() > until:
                raise requests.exceptions.ContentDecodingError("too long")
    except HTTPError as fault:
        raise requests.exceptions.ConnectionError("cut off") from fault
    finally:
        response.close()
    return body


def bind(session: requests.Session, *, scheme: str, host: str, authority: str, cert: tuple[str, str] | None) -> None:
    """Bind a session to that host; nothing else can be reached with it."""
    session.trust_env = False
    session.adapters.clear()
    session.mount(f"{scheme}://{host}/", OneHost(scheme, host))
    session.max_redirects = 0
    session.verify = authority or True
    session.cert = cert
    session.headers["User-Agent"] = "healthspace"
    session.headers["Accept-Encoding"] = "identity"


@contextmanager
def calling() -> Iterator[None]:
    """While one call runs; `RequestException` when another one takes too long already."""
    if not _CALLING.acquire(timeout=PATIENCE_SECONDS):
        raise requests.exceptions.Timeout("busy")
    try:
        yield
    finally:
        _CALLING.release()
