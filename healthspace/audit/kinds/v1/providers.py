"""The national identity provider as a way in: added, removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from healthspace.audit.kinds.shape import Kind


@dataclass(frozen=True, slots=True)
class ProviderAdded(Kind):
    code = "provider_added"
    by_holder = _("You can now sign in with your national digital identity.")
    by_other = _("%(actor)s added a national digital identity that can sign you in.")
    refused = _("%(actor)s asked to add a national digital identity and was refused.")


@dataclass(frozen=True, slots=True)
class ProviderRemoved(Kind):
    code = "provider_removed"
    by_holder = _("Your national digital identity no longer signs you in.")
    by_other = _("%(actor)s removed the national digital identity that signed you in.")
    refused = _("%(actor)s asked to remove your national digital identity and was refused.")


ALL: Final = (ProviderAdded(), ProviderRemoved())
