"""Every environment variable of the product: name, default, meaning. Nothing else reads the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting an operator can give."""

    name: str
    default: str
    meaning: str


def _provider(prefix: str, whom: str, scopes: str, acr: str, is_signed: str) -> tuple[Variable, ...]:
    """What an operator tells of an identity provider (OpenID Connect)."""
    rows = (
        ("ISSUER", "", f"Issuer of the identity provider {whom} sign in with, https://...; empty: none."),
        ("NAME", "", "What it is called on the button; empty: its host is shown."),
        ("CLIENT_ID", "", "Our client there."),
        ("SECRET_FILE", "", "File with the client's secret."),
        ("KEY_FILE", "", "File with the client's private key (PEM or JWK) for private_key_jwt, instead of a secret."),
        ("SCOPES", scopes, "What is asked for, separated by spaces."),
        ("ACR", acr, "Levels of assurance taken, the first is asked for; any other sign-in is refused."),
        ("ALGORITHMS", "RS256,ES256,PS256", "Signatures taken; never none, never with a shared secret."),
        ("SIGNED_USERINFO", is_signed, "1: what it tells of a person must be signed too."),
        ("CERTIFICATE_FILE", "", "Certificate shown to it, for mutual TLS (PEM); empty: none."),
        ("CERTIFICATE_KEY_FILE", "", "Its private key; empty: in the same file."),
        ("AUTHORITY_FILE", "", "Who certifies it (PEM); empty: the usual authorities."),
    )
    return tuple(Variable(f"{prefix}_PROVIDER_{name}", default, meaning) for name, default, meaning in rows)


VARIABLES = (
    Variable(
        "HEALTHSPACE_HOME", ".healthspace", "Data folder: database, sealed documents, key files, mails of the demo."
    ),
    Variable(
        "HEALTHSPACE_PORT",
        "8400",
        "First port: pages here, FHIR on the next, then the demo's mail server and its identity provider.",
    ),
    Variable(
        "HEALTHSPACE_HOST",
        "127.0.0.1",
        "Address the doors listen on; loopback unless a proxy with TLS stands before them.",
    ),
    Variable("HEALTHSPACE_DEMO", "1", "1: an invented population is made on the first start. 0: start empty."),
    Variable(
        "HEALTHSPACE_ROLE", "app", "Database role of this process: app (doors), worker, or owner (migrations only)."
    ),
    Variable("HEALTHSPACE_WEB_THREADS", "2", "Threads (and database connections) of the web door."),
    Variable("HEALTHSPACE_FHIR_THREADS", "3", "Threads (and database connections) of the FHIR door."),
    Variable("HEALTHSPACE_FHIR_WORKERS", "2", "Processes of the FHIR door."),
    Variable("HEALTHSPACE_WEB_WORKERS", "2", "Processes of the web door."),
    Variable(
        "DATABASE_URL",
        "",
        "An operator's PostgreSQL (>= 16) or Citus coordinator, as its owner; empty: the embedded one.",
    ),
    Variable(
        "DATABASE_APP_URL", "", "The same database as healthspace_app; empty: DATABASE_URL, switched to that role."
    ),
    Variable(
        "DATABASE_WORKER_URL",
        "",
        "The same database as healthspace_worker; empty: DATABASE_URL, switched to that role.",
    ),
    Variable(
        "DATABASE_POOLED",
        "0",
        "1: a pooler hands each transaction another connection, so nothing is prepared.",
    ),
    Variable("CITUS_URL", "", "For the tests only: an empty Citus coordinator the suite also runs against."),
    Variable("SECRET_KEY_FILE", "", "File with Django's secret key; empty: made once in the data folder."),
    Variable("ROOT_KEY_FILE", "", "File with the root key of the vault; empty: made once in the data folder."),
    Variable(
        "ARCHIVE_KEY_FILE",
        "",
        "File with the archive's private key, which only the worker opens; its public half lies beside it as .pub.",
    ),
    Variable(
        "DESTRUCTION_LEDGER",
        "",
        "File that names each destroyed space, replayed before the doors open; back it up apart from the database.",
    ),
    Variable("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "Host names the doors answer to, separated by commas."),
    Variable("TRUSTED_ORIGINS", "", "Origins (https://host) of forms behind a proxy, separated by commas."),
    Variable(
        "CLIENT_ADDRESS_HEADER",
        "",
        "Header in which the proxy tells the visitor's address, e.g. X-Real-IP; empty: the connection's own address.",
    ),
    Variable(
        "CLIENT_CERTIFICATE_HEADER",
        "",
        "Header with the client certificate that the proxy verified, e.g. Client-Cert; empty: none is taken.",
    ),
    Variable("EMAIL_HOST", "127.0.0.1", "SMTP server for notices."),
    Variable("EMAIL_PORT", "0", "Its port; 0: the demo's own mail server (HEALTHSPACE_PORT + 2)."),
    Variable("EMAIL_USER", "", "Its user name, if it wants one."),
    Variable("EMAIL_PASSWORD_FILE", "", "File with its password, if it wants one."),
    Variable("EMAIL_TLS", "0", "1: STARTTLS towards the SMTP server."),
    Variable("EMAIL_FROM", "healthspace@localhost", "Sender of the notices."),
    Variable("SMS_GATEWAY_URL", "", "Gateway that takes codes to send by SMS (POST of JSON); empty: none by SMS."),
    Variable("SMS_GATEWAY_TOKEN_FILE", "", "File with the bearer token of that gateway, if it wants one."),
    Variable(
        "LEAKED_PASSWORDS_FILE",
        "",
        "File of SHA-1 hashes of leaked passwords, in order, one a line; empty: only the 20,000 most used are refused.",
    ),
    Variable("SITE_NAME", "healthspace", "Name of the product as shown to people."),
    Variable("SITE_BAND", "", "Colour of the band at the top of each page (CSS colour); empty: the product's own."),
    Variable("SITE_URL", "", "Address people know, for links in mails; empty: http://localhost:HEALTHSPACE_PORT."),
    Variable("HELP_PHONE", "", "Help number shown on each page; empty: none is shown."),
    Variable(
        "HELP_HOURS",
        "8:30-17:30",
        "When somebody answers that number, as letters say it; both languages: French|English.",
    ),
    Variable(
        "QUICK_EXIT_URL",
        "",
        "Where the button that leaves fast goes to (https://…); empty: the product's own front page.",
    ),
    Variable("PRIVACY_URL", "", "Page on rights over one's data, for letters; empty: the product's own."),
    Variable("LETTER_SENDER", "", "Who writes the letters and mails of enrolment; empty: SITE_NAME."),
    Variable("LETTER_SENDER_ADDRESS", "", "Its postal address in the head of letters, lines separated by |."),
    Variable("FREE_POST", "", "Where refusal slips go without a stamp, lines separated by |."),
    Variable("LETTER_WINDOW", "right", "Address window of the envelopes: right (France) or left."),
    Variable("BOUNCE_ADDRESS", "", "Mail address that undelivered information comes back to; empty: EMAIL_FROM."),
    Variable("BOUNCE_MAILDIR", "", "Maildir folder of that address, if it is on this machine."),
    Variable("BOUNCE_IMAP", "", "Mailbox of that address: imaps://user@host/INBOX; empty: none."),
    Variable("BOUNCE_IMAP_PASSWORD_FILE", "", "File with its password."),
    Variable("COUNT_MINUTES", "60", "How often the worker counts everybody for the operator's pages."),
    *_provider(
        "CITIZEN",
        "holders",
        "openid given_name family_name birthdate gender birthplace birthcountry preferred_username",
        "eidas2,eidas3",
        "1",
    ),
    *_provider("PROFESSIONAL", "professionals", "openid scope_all", "eidas1,eidas2,eidas3", "0"),
    Variable(
        "ACCEPT_TEST_IDENTITIES",
        "",
        "1: INS of the test and demonstration authorities are taken, key right or wrong; empty: as HEALTHSPACE_DEMO.",
    ),
    Variable(
        "ACCEPT_LONG_TOKENS",
        "",
        "1: tokens made by hand (`healthspace add token`) open the FHIR door; empty: as ACCEPT_TEST_IDENTITIES.",
    ),
    Variable(
        "TAKEOVER_ON",
        "",
        "Takeover date, as 2026-11-24: older records created from that day on are refused; empty: none is.",
    ),
    Variable("MAX_DOCUMENT_BYTES", "25000000", "Largest document taken in, in bytes."),
    Variable(
        "JOURNAL_ORIGIN", "healthspace/journal", "Name of the journal in its signed checkpoints; never change it."
    ),
    Variable("JOURNAL_WITNESSES", "", "Witnesses of the journal, each as `URL VERIFIER-KEY`, separated by commas."),
    Variable("STORE", "disk", "Where sealed bodies of documents lie: disk (data folder) or s3."),
    Variable("S3_ENDPOINT", "", "Address of the S3 service when STORE is s3."),
    Variable("S3_BUCKET", "", "Bucket of the sealed bodies."),
    Variable("S3_REGION", "us-east-1", "Region told to the S3 service."),
    Variable("S3_ACCESS_KEY", "", "Access key of the S3 service."),
    Variable("S3_SECRET_KEY_FILE", "", "File with the secret key of the S3 service."),
    Variable(
        "CLAMD_ADDRESS",
        "",
        "Virus scanner (clamd): tcp://host:port or unix:///path; empty: none, and `healthspace doctor` says so.",
    ),
    Variable("HEALTHSPACE_FAULT", "", "For crash tests only: the labelled place at which this process kills itself."),
    Variable("LOG_LEVEL", "INFO", "Least serious line written to the log: DEBUG, INFO, WARNING, ERROR."),
    Variable(
        "HEALTHSPACE_SHARED",
        "",
        "For the tests only: folder with the real input; empty: ../shared next to the project.",
    ),
)
BY_NAME = {variable.name: variable for variable in VARIABLES}


def text(name: str) -> str:
    """The variable as given, or its default."""
    return os.environ.get(name, "") or BY_NAME[name].default


def whole(name: str) -> int:
    """The variable as a whole number; a clear sentence if it is none."""
    value = text(name)
    if not value.isdecimal():
        raise SystemExit(f"{name} must be a whole number, not {value!r}. See docs/environment.md.")
    return int(value)


def truth(name: str) -> bool:
    """The variable as yes or no."""
    value = text(name)
    if value not in {"0", "1", ""}:
        raise SystemExit(f"{name} must be 0 or 1, not {value!r}. See docs/environment.md.")
    return value == "1"


def listed(name: str) -> list[str]:
    """The variable as a list separated by commas."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def secret(name: str) -> str:
    """The content of the file a variable names, without its last newline; empty if none is named."""
    path = text(name)
    return Path(path).read_text().strip() if path else ""


def home() -> Path:
    """The data folder, absolute."""
    return (ROOT / text("HEALTHSPACE_HOME")).resolve()


def is_production() -> bool:
    """True under the set of settings for production."""
    return os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".prod")


def page() -> str:
    """docs/environment.md, made from the list above (`python -m healthspace.config.env > docs/environment.md`)."""
    return "\n".join([*PAGE_TOP, *map(_row, VARIABLES), ""])


def _row(one: Variable) -> str:
    cells = (f"`{one.name}`", f"`{one.default}`" if one.default else "", one.meaning)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


PAGE_TOP = (
    "# Settings",
    "",
    "Every setting is an environment variable; all have a default that works. This page is made from",
    "`healthspace/config/env.py` (`python -m healthspace.config.env`), and a test holds both together.",
    "A folder given as a relative path counts from the project's folder. Truths are 1 or 0.",
    "Passwords and keys come as the name of a file, never as a value.",
    "",
    "`DJANGO_SETTINGS_MODULE` chooses a set: `healthspace.config.settings.dev` (default: plain http on loopback) or",
    "`healthspace.config.settings.prod` (behind a proxy that speaks TLS: secure cookies, HSTS).",
    "",
    "Further lines for the embedded PostgreSQL may stand in `postgres.conf` in the data folder.",
    "",
    "| variable | default | meaning |",
    "|---|---|---|",
)

if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - the page is the output
