"""The door as one Django address, for servers and tests that come through Django."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import re_path

from healthspace.fhir import wsgi


def door(request: HttpRequest) -> HttpResponse:
    """Hand the request as it came to the bare application."""
    told: list[tuple[str, list[tuple[str, str]]]] = []
    body = b"".join(wsgi.application(request.META, lambda status, headers: told.append((status, headers))))
    status, headers = told[0]
    return HttpResponse(body, status=int(status[:3]), headers=dict(headers))


urlpatterns = [re_path(r"^fhir(/.*)?$", door, name="fhir")]
