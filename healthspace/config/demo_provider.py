"""The demo's own identity provider: whether it is started, its secret, and what the doors are told of it."""

import os
import secrets
from pathlib import Path

from healthspace.config import env

CLIENT = "healthspace-demo"


def is_wanted() -> bool:
    """In the demo, unless the operator named a provider; never behind a proxy with TLS."""
    has_another = env.text("CITIZEN_PROVIDER_ISSUER") or env.text("PROFESSIONAL_PROVIDER_ISSUER")
    return env.truth("HEALTHSPACE_DEMO") and not has_another and not env.is_production()


def prepare(home: Path, first: int) -> tuple[str, str, str]:
    """A fresh secret, and the settings of the children that are started from now on; the provider's arguments."""
    path = home / "keys" / "demo-provider.secret"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(secrets.token_urlsafe(24), encoding="utf-8")
    for kind, name in (("CITIZEN", "Identité de démonstration"), ("PROFESSIONAL", "Carte pro de démonstration")):
        os.environ |= {
            f"{kind}_PROVIDER_ISSUER": f"http://127.0.0.1:{first + 3}/{kind.lower()}",
            f"{kind}_PROVIDER_NAME": name,
            f"{kind}_PROVIDER_CLIENT_ID": CLIENT,
            f"{kind}_PROVIDER_SECRET_FILE": str(path),
        }
    return str(first + 3), str(first), str(path)
