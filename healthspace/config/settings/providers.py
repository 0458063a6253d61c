"""The identity providers an operator set; without an issuer there is none."""

from typing import Any

from healthspace.config import env


def _certificate(file: str, key_file: str) -> tuple[str, str] | None:
    return (file, key_file or file) if file else None


PROVIDERS: dict[str, dict[str, Any]] = {
    "citizen": {
        "name": env.text("CITIZEN_PROVIDER_NAME"),
        "issuer": env.text("CITIZEN_PROVIDER_ISSUER"),
        "client_id": env.text("CITIZEN_PROVIDER_CLIENT_ID"),
        "client_secret": env.secret("CITIZEN_PROVIDER_SECRET_FILE"),
        "client_key": env.secret("CITIZEN_PROVIDER_KEY_FILE"),
        "scopes": tuple(env.text("CITIZEN_PROVIDER_SCOPES").split()),
        "acrs": tuple(env.listed("CITIZEN_PROVIDER_ACR")),
        "algorithms": tuple(env.listed("CITIZEN_PROVIDER_ALGORITHMS")),
        "is_userinfo_signed": env.truth("CITIZEN_PROVIDER_SIGNED_USERINFO"),
        "certificate": _certificate(
            env.text("CITIZEN_PROVIDER_CERTIFICATE_FILE"), env.text("CITIZEN_PROVIDER_CERTIFICATE_KEY_FILE")
        ),
        "authority": env.text("CITIZEN_PROVIDER_AUTHORITY_FILE"),
    },
    "professional": {
        "name": env.text("PROFESSIONAL_PROVIDER_NAME"),
        "issuer": env.text("PROFESSIONAL_PROVIDER_ISSUER"),
        "client_id": env.text("PROFESSIONAL_PROVIDER_CLIENT_ID"),
        "client_secret": env.secret("PROFESSIONAL_PROVIDER_SECRET_FILE"),
        "client_key": env.secret("PROFESSIONAL_PROVIDER_KEY_FILE"),
        "scopes": tuple(env.text("PROFESSIONAL_PROVIDER_SCOPES").split()),
        "acrs": tuple(env.listed("PROFESSIONAL_PROVIDER_ACR")),
        "algorithms": tuple(env.listed("PROFESSIONAL_PROVIDER_ALGORITHMS")),
        "is_userinfo_signed": env.truth("PROFESSIONAL_PROVIDER_SIGNED_USERINFO"),
        "certificate": _certificate(
            env.text("PROFESSIONAL_PROVIDER_CERTIFICATE_FILE"), env.text("PROFESSIONAL_PROVIDER_CERTIFICATE_KEY_FILE")
        ),
        "authority": env.text("PROFESSIONAL_PROVIDER_AUTHORITY_FILE"),
    },
}
