"""Buttons of the identity providers that the operator set."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import template

from healthspace.people.reads import providers as people
from healthspace.people.rules.providers import Provider, ProviderKind
from healthspace.web.entering import ACCOUNT

register = template.Library()


@dataclass(frozen=True, slots=True)
class Own:
    """The provider of holders or of professionals, and whether it signs in who is inside."""

    provider: Provider
    is_linked: bool


@register.inclusion_tag("web/parts/providers.html")
def provider_buttons(kind: ProviderKind, onward: str = "") -> dict[str, Any]:
    """The button of the provider of this kind, to come back to `onward`; nothing where there is none."""
    return {"providers": [one for one in people.providers() if one.kind == kind], "next": onward}


@register.simple_tag(takes_context=True)
def own_provider(context: dict[str, Any]) -> Own | None:
    """The provider of the holder or professional who is inside; None where the operator set none."""
    request = context["request"]
    kind: ProviderKind = "professional" if request.actor.kind == "professional" else "citizen"
    found = next((one for one in people.providers() if one.kind == kind), None)
    own_id = request.session.get(ACCOUNT)
    return Own(found, people.is_linked(UUID(own_id), kind)) if found and own_id else None
