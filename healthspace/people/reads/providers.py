"""The identity providers of this installation, and which accounts they open."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, cast
from uuid import UUID

from django.conf import settings

from healthspace.people.adapters.oidc import Client
from healthspace.people.models import ProviderLink
from healthspace.people.rules.providers import Provider, ProviderAway, ProviderKind, provider_fault

KINDS: Final[tuple[ProviderKind, ...]] = ("citizen", "professional")


def provider(kind: str) -> Provider | None:
    """The provider of that kind, or None when the operator set none."""
    given: dict[str, Any] = settings.PROVIDERS.get(kind, {})
    if not given.get("issuer"):
        return None
    return Provider(kind=cast("ProviderKind", kind), **given)


def providers() -> list[Provider]:
    """Those that can be used, citizens' first."""
    found = [one for kind in KINDS if (one := provider(kind))]
    return [one for one in found if not provider_fault(one)]


def client(kind: str) -> Client:
    """What speaks to the provider of that kind; ProviderAway when there is none."""
    found = provider(kind)
    if found is None or provider_fault(found):
        raise ProviderAway(kind)
    return _client(found)


@lru_cache(maxsize=8)
def _client(found: Provider) -> Client:
    return Client(found)


def is_linked(account_id: UUID, kind: ProviderKind) -> bool:
    """Whether a provider of that kind opens this account."""
    return ProviderLink.objects.filter(account_id=account_id, kind=kind).exists()
