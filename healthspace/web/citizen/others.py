"""Notices of the holder."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from healthspace.notifications import actions
from healthspace.notifications import reads as notifications
from healthspace.web.audience import for_holder
from healthspace.web.citizen import told
from healthspace.web.citizen.own import render, space
from healthspace.web.middleware import WebRequest

ICONS: Final = {
    "document": "file-text",
    "record": "eye",
    "emergency": "siren",
    "access": "shield-check",
    "copy": "download",
    "help": "users",
}
# Where a notice about somebody's own account or family leads, by the first word of its kind.
OWN_PAGES: Final = {
    "contact": "citizen:contact",
    "new": "ways:ways",
    "account": "ways:ways",
    "password": "ways:ways",
    "provider": "ways:ways",
    "own": "citizen:people",
    "parent": "citizen:people",
    "child": "citizen:people",
    "majority": "citizen:people",
    "ticket": "citizen:tickets",
}
PER_PAGE: Final = 50


@require_safe
@for_holder
def notices(request: WebRequest) -> HttpResponse:
    """What the record told its holder, newest first."""
    person_id = space(request)
    before = told.place(request.GET.get("before", ""))
    at, last_id = before or (None, None)
    found = notifications.notices(
        actor=request.actor, person_id=person_id, before=at, before_id=last_id, limit=PER_PAGE
    )
    more = ""
    if len(found) == PER_PAGE:
        more = f"{reverse('citizen:notices')}?before={told.mark(found[-1].at, found[-1].id)}"
    shown = {
        "notices": [_row(notice, is_own=request.actor.kind == "holder") for notice in found],
        "unread": sum(not notice.is_read for notice in found),
        "next_page": more,
    }
    return render(request, "notices", "notices", shown)


def _row(notice: notifications.NoticeCard, *, is_own: bool) -> dict[str, Any]:
    topic = notice.kind.partition("_")[0]
    addresses = {"record": reverse("citizen:access"), "emergency": reverse("citizen:access")}
    addresses |= {"access": reverse("citizen:professionals"), "copy": reverse("citizen:export")}
    addresses["help"] = reverse("citizen:helping" if notice.kind == "help_asked" else "citizen:helpers")
    if is_own and topic in OWN_PAGES:
        addresses[topic] = reverse(OWN_PAGES[topic])
    if notice.kind == "help_at_desk":
        addresses["help"] = reverse("citizen:desks")
    if is_own and topic == "ticket" and notice.item_id is not None:
        addresses["ticket"] = reverse("citizen:ticket", args=[notice.item_id])
    is_there = topic == "document" and notice.kind != "document_deleted" and notice.item_id is not None
    if is_there:
        addresses["document"] = reverse("citizen:document", args=[notice.item_id])
    return {
        "icon": ICONS.get(topic, "info"),
        "text": notice.text if is_own else notice.text_of_another,
        "at": notice.at,
        "is_new": not notice.is_read,
        "address": addresses.get(topic, ""),
    }


@require_POST
@for_holder
def read_notices(request: WebRequest) -> HttpResponse:
    """Mark every notice as read."""
    actions.mark_read(actor=request.actor, person_id=space(request))
    return redirect("citizen:notices")
