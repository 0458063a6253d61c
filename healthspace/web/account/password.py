"""Another password, of one's own choice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from healthspace.common.errors import Invalid
from healthspace.people import actions as people
from healthspace.web import recall
from healthspace.web.account.own import account_id, render
from healthspace.web.answer_forms import PlainForm
from healthspace.web.audience import for_anybody_inside
from healthspace.web.entering import SID
from healthspace.web.middleware import WebRequest
from healthspace.web.public.activate_forms import AccountForm
from healthspace.web.step_up import step_up


class NewPasswordForm(PlainForm):
    password = AccountForm.base_fields["password"]
    again = AccountForm.base_fields["again"]

    def clean(self) -> dict[str, Any]:
        """Written twice, so that a slip of the finger locks nobody out."""
        given = super().clean() or {}
        if given.get("again") and given.get("password") and given["again"] != given["password"]:
            self.add_error("again", _("The two passwords are not the same. Write them again."))
        return given


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@for_anybody_inside
@step_up
def password(request: WebRequest) -> HttpResponse:
    """The new password, twice; then every other device is signed out."""
    form: forms.Form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            people.change_password(
                account_id=account_id(request), password=form.cleaned_data["password"], but=UUID(request.session[SID])
            )
        except Invalid as fault:
            form.add_error(fault.field, f"{fault.message} {fault.way_out}")
        else:
            recall.ACTORS.clear()
            messages.success(request, _("Your new password works. Every other device is signed out."))
            return redirect("ways:ways")
    return render(request, "password", {"form": form}, 422 if form.errors else 200)
