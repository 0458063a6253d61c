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
        "notices": [_row(notice) for notice in found],
        "unread": sum(not notice.is_read for notice in found),
        "next_page": more,
    }
    return render(request, "notices", "notices", shown)


def _row(notice: notifications.NoticeCard) -> dict[str, Any]:
    topic = notice.kind.partition("_")[0]
    addresses = {"record": reverse("citizen:access"), "emergency": reverse("citizen:access")}
    addresses |= {"access": reverse("citizen:professionals"), "copy": reverse("citizen:export")}
    addresses["help"] = reverse("citizen:helping" if notice.kind == "help_asked" else "citizen:helpers")
    if notice.kind.startswith("contact_"):
        addresses["contact"] = reverse("citizen:contact")
    if topic == "ticket" and notice.item_id is not None:
        addresses["ticket"] = reverse("citizen:ticket", args=[notice.item_id])
    is_there = topic == "document" and notice.kind != "document_deleted" and notice.item_id is not None
    if is_there:
        addresses["document"] = reverse("citizen:document", args=[notice.item_id])
    return {
        "icon": ICONS.get(topic, "info"),
        "text": notice.text,
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
