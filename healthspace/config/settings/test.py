"""For the suite: one data folder per run, one database per test process, the doors' own database role."""

import os
import tempfile
from pathlib import Path

if "HEALTHSPACE_TEST_RUN" not in os.environ:  # the first process of a run; the others inherit its choice
    _folder = Path(tempfile.mkdtemp(prefix="healthspace-test-"))
    _folder.chmod(0o711)
    os.environ |= {"HEALTHSPACE_TEST_RUN": str(os.getpid()), "HEALTHSPACE_HOME": str(_folder / "home")}
    os.environ.setdefault("HEALTHSPACE_ROLE", "app")
    os.environ["DATABASE_URL"] = os.environ.get("CITUS_URL", "")

from healthspace.config.settings.base import *  # noqa: F403
from healthspace.config.settings.base import DATABASE_URLS, DATABASES

ALLOWED_HOSTS = ["*"]
ACCEPT_TEST_IDENTITIES = True
ACCEPT_LONG_TOKENS = True
PASSWORD_HASHERS = ["healthspace.config.hashers.Argon2Quick"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TEST_DATABASE = f"healthspace_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
if not DATABASE_URLS["owner"]:
    DATABASES["default"]["NAME"] = os.environ.get("HEALTHSPACE_TEST_DATABASE", TEST_DATABASE)
JOURNAL_MAY_LAG_SECONDS = 24 * 3600  # no sequencer runs beside the tests of rooms
