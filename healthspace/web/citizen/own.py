"""Whose space a page of this door is about, and what each of its pages shows."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render as django_render

from healthspace.common.errors import Refused
from healthspace.web.middleware import WebRequest


def space(request: WebRequest) -> UUID:
    """The holder's own space."""
    if request.actor.person_id is None:
        raise Refused("ABSENT")
    return request.actor.person_id


def render(request: WebRequest, template: str, tab: str, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the holder, with its tab marked."""
    return django_render(request, f"web/citizen/{template}.html", {"tab": tab, **shown}, status=status)
