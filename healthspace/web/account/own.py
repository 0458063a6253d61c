"""Whose account a page is about: that of whoever is inside, also while they act for somebody else."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render as django_render

from healthspace.web.entering import ACCOUNT
from healthspace.web.middleware import WebRequest

BASES: Final = {"professional": "web/professional/base.html", "operator": "web/public/base.html"}
HOLDER_SIDE: Final = frozenset({"holder", "representative", "caregiver"})


def account_id(request: WebRequest) -> UUID:
    """The account of this session."""
    return UUID(request.session[ACCOUNT])


def render(request: WebRequest, template: str, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of one's own account, in the frame of whoever is inside."""
    kind = request.actor.kind
    base = "web/citizen/base.html" if kind in HOLDER_SIDE else BASES.get(kind, "web/public/base.html")
    return django_render(request, f"web/account/{template}.html", {"base": base, **shown}, status=status)
