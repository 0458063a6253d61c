"""Settings of every process. What an operator may change comes through `config.env` and nowhere else."""

from email.utils import parseaddr
from pathlib import Path

from csp.constants import NONE, SELF

from healthspace.common import fault
from healthspace.config import env
from healthspace.config.secrets import secret_key
from healthspace.config.settings import providers
from healthspace.ops import database

fault.arm(env.text("HEALTHSPACE_FAULT"))
HOME = env.home()
PORT = env.whole("HEALTHSPACE_PORT")
DEBUG = False
SECRET_KEY = secret_key(HOME, env.text("SECRET_KEY_FILE"))
ROOT_KEY_FILE = Path(env.text("ROOT_KEY_FILE") or HOME / "keys" / "root.key")  # made by vault on first use
ROLE = env.text("HEALTHSPACE_ROLE")
ARCHIVE_KEY_FILE = Path(env.text("ARCHIVE_KEY_FILE") or HOME / "keys" / "archive.key")  # private: the worker's alone
DESTRUCTION_LEDGER = Path(env.text("DESTRUCTION_LEDGER") or HOME / "destroyed.ledger")
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS")
CLIENT_ADDRESS_KEY = env.text("CLIENT_ADDRESS_HEADER").upper().replace("-", "_")
CLIENT_ADDRESS_KEY = f"HTTP_{CLIENT_ADDRESS_KEY}" if CLIENT_ADDRESS_KEY else "REMOTE_ADDR"
CLIENT_CERTIFICATE_KEY = env.text("CLIENT_CERTIFICATE_HEADER").upper().replace("-", "_")
CLIENT_CERTIFICATE_KEY = f"HTTP_{CLIENT_CERTIFICATE_KEY}" if CLIENT_CERTIFICATE_KEY else ""
CSRF_TRUSTED_ORIGINS = env.listed("TRUSTED_ORIGINS")

ROOMS = (
    "schema", "audit", "vault", "outbox", "terminology", "people", "spaces", "access", "documents", "profile",
    "enrolment", "support", "notifications", "web", "ops",
)  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "csp",
    *[f"healthspace.{room}" for room in ROOMS],
]
AUTH_USER_MODEL = "people.Account"

DATABASE_URLS = {
    "owner": env.text("DATABASE_URL"),
    "app": env.text("DATABASE_APP_URL"),
    "worker": env.text("DATABASE_WORKER_URL"),
}
DATABASES = {"default": database.settings_of(HOME, env.text("HEALTHSPACE_ROLE"), DATABASE_URLS)}
PREPARES_STATEMENTS = not env.truth("DATABASE_POOLED")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",  # pads each answer by a random length, against BREACH
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "healthspace.web.middleware.Door",
]
ROOT_URLCONF = "healthspace.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "healthspace.web.context.site",
            ],
        },
    },
]

# Passwords: OWASP's smallest memory cost for Argon2id with one pass; a test holds the three figures.
PASSWORD_HASHERS = ["healthspace.config.hashers.Argon2"]
PROVIDERS = dict(providers.PROVIDERS)  # identity providers, by kind of who signs in

# Sessions: in the database; the web door ends them after 15 minutes of rest or at the end of their time (people.rules).
SESSION_ENGINE = "healthspace.web.sessions"  # Django's database store, read by one plain statement
SESSION_IDLE_SECONDS = 15 * 60
SESSION_TOTAL_SECONDS = 12 * 3600
SESSION_COOKIE_AGE = SESSION_TOTAL_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "healthspace.web.faults.forbidden"
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

QUICK_EXIT_URL = env.text("QUICK_EXIT_URL")

# What a browser is told. Doors answer with Cache-Control: no-store unless a page says otherwise.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A browser holds what a form is redirected to against this list too.
        "form-action": [SELF, *([QUICK_EXIT_URL] if QUICK_EXIT_URL else [])],
        "frame-src": [SELF],
        "object-src": [NONE],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # with no-referrer browsers send "Origin: null", and every form would be refused
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = False
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

STATIC_URL = "/static/"

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.whole("EMAIL_PORT") or PORT + 2
EMAIL_HOST_USER = env.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_PASSWORD_FILE")
EMAIL_USE_TLS = env.truth("EMAIL_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM")

SMS_GATEWAY_URL = env.text("SMS_GATEWAY_URL")
SMS_GATEWAY_TOKEN = env.secret("SMS_GATEWAY_TOKEN_FILE")
LEAKED_PASSWORDS_FILE = env.text("LEAKED_PASSWORDS_FILE")

SITE_NAME = env.text("SITE_NAME")
SITE_BAND = env.text("SITE_BAND")
SITE_URL = env.text("SITE_URL") or f"http://localhost:{PORT}"
HELP_PHONE = env.text("HELP_PHONE")
HELP_HOURS = env.text("HELP_HOURS")
PRIVACY_URL = env.text("PRIVACY_URL")
LETTER_SENDER = env.text("LETTER_SENDER") or SITE_NAME
LETTER_SENDER_ADDRESS = tuple(env.text("LETTER_SENDER_ADDRESS").split("|")) if env.text("LETTER_SENDER_ADDRESS") else ()
FREE_POST = tuple(env.text("FREE_POST").split("|")) if env.text("FREE_POST") else ()
LETTER_WINDOW = env.text("LETTER_WINDOW")
COUNT_MINUTES = max(1, env.whole("COUNT_MINUTES"))
BOUNCE_ADDRESS = env.text("BOUNCE_ADDRESS") or parseaddr(DEFAULT_FROM_EMAIL)[1]
BOUNCE_MAILDIR = env.text("BOUNCE_MAILDIR")
BOUNCE_IMAP = env.text("BOUNCE_IMAP")
BOUNCE_IMAP_PASSWORD = env.secret("BOUNCE_IMAP_PASSWORD_FILE")

IS_DEMO = env.truth("HEALTHSPACE_DEMO")
ACCEPT_TEST_IDENTITIES = env.truth("ACCEPT_TEST_IDENTITIES") if env.text("ACCEPT_TEST_IDENTITIES") else IS_DEMO
ACCEPT_LONG_TOKENS = env.truth("ACCEPT_LONG_TOKENS") if env.text("ACCEPT_LONG_TOKENS") else ACCEPT_TEST_IDENTITIES
JOURNAL_MAY_LAG_SECONDS = 15 * 60  # then no professional reads, emergencies apart (security G12)
TAKEOVER_ON = env.text("TAKEOVER_ON")  # a date, or none: who creates older records is told by journeys.takeover
MAX_DOCUMENT_BYTES = env.whole("MAX_DOCUMENT_BYTES")
# Base64 in a FHIR bundle makes a third more, and what stands around it a little.
# A document in base 64, or the five files of 10 MB of a question to the help desk.
DATA_UPLOAD_MAX_MEMORY_SIZE = max(MAX_DOCUMENT_BYTES * 3 // 2, 50_000_000) + 100_000
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE  # never a clear copy in a temporary file
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
CLAMD_ADDRESS = env.text("CLAMD_ADDRESS")
JOURNAL_ORIGIN = env.text("JOURNAL_ORIGIN")
JOURNAL_WITNESSES = env.listed("JOURNAL_WITNESSES")
STORE = {
    "kind": env.text("STORE"),
    "folder": str(HOME / "blobs"),
    "endpoint": env.text("S3_ENDPOINT"),
    "bucket": env.text("S3_BUCKET"),
    "region": env.text("S3_REGION"),
    "access_key": env.text("S3_ACCESS_KEY"),
    "secret_key": env.secret("S3_SECRET_KEY_FILE"),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "healthspace.config.logs.Line"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["out"], "level": env.text("LOG_LEVEL")},
    "loggers": {
        "django.server": {"handlers": ["out"], "level": "WARNING", "propagate": False},
        "django.security.DisallowedHost": {"handlers": ["out"], "level": "ERROR", "propagate": False},
    },
}
