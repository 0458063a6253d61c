"""Behind a proxy that speaks TLS."""

from healthspace.config.settings.base import *  # noqa: F403

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_SECURE = True
if any(one["issuer"].startswith("http:") for one in PROVIDERS.values()):
    raise SystemExit(
        "An identity provider must be an https address: see CITIZEN_PROVIDER_ISSUER in docs/environment.md."
    )
