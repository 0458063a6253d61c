"""The holder adds a document: one page, a file or a photo, without script."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from healthspace.common.errors import Conflict, Invalid, TooLarge
from healthspace.documents import actions as documents
from healthspace.documents.rules import MASKED, Author
from healthspace.web import filing
from healthspace.web.audience import for_person_side
from healthspace.web.citizen import helped
from healthspace.web.citizen.forms import AddForm, HelperAddForm
from healthspace.web.citizen.own import render, space
from healthspace.web.middleware import WebRequest


@require_http_methods(["GET", "HEAD", "POST"])
@for_person_side
def add(request: WebRequest) -> HttpResponse:
    """Ask for the file and its name, then file it."""
    is_helper = request.actor.kind == "caregiver"
    kinds = helped.kinds_to_add(request) if is_helper else None
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = HelperAddForm(*given, kinds=kinds) if kinds is not None else AddForm(*given)
    if request.actor.kind == "representative":
        form.speak_of_another()
    if request.method == "POST" and form.is_valid():
        filed_id = _file(request, form)
        if filed_id is not None:
            is_own = request.actor.kind == "holder"
            messages.success(
                request, _("The document is in your record.") if is_own else _("The document is in the record.")
            )
            return redirect("citizen:document", filed_id)
        if not form.errors:
            messages.success(request, _("The document is being checked. It will appear when that is done."))
            return redirect("citizen:documents")
    shown = {"form": form, "limit": settings.MAX_DOCUMENT_BYTES}
    return render(request, "helped_add" if is_helper else "add", "documents", shown, 422 if form.errors else 200)


def _file(request: WebRequest, form: AddForm) -> UUID | None:
    given = form.cleaned_data
    try:
        receipt = documents.deposit(
            actor=request.actor,
            order=filing.order(
                file=given["chosen"],
                type_code=given["type_code"],
                title=given["title"],
                made_on=given["made_on"],
                confidentiality=frozenset({MASKED} if given.get("who") == "me" else ()),
                authors=(Author(name=request.actor.name),),
                person_id=space(request),
            ),
        )
    except (Invalid, TooLarge, Conflict) as error:
        field, sentence = filing.fault(error)
        form.add_error(field or None, sentence)
        return None
    return receipt.document_id if receipt.status == "filed" else None
