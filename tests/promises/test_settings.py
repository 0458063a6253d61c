"""Settings: documented to the last one, read in one place, and as strict as promised."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from healthspace.config import env
from healthspace.config.cli import COMMANDS
from healthspace.config.hashers import Argon2

SOURCE = env.ROOT / "healthspace"
READS = re.compile(r"os\.environ|os\.getenv|\bgetenv\(")
# Those that start processes hand the environment on; they read none of our settings from it.
HAND_ON = {
    *("config/env.py", "config/cli.py", "config/run.py", "config/simulate.py", "config/wsgi.py"),
    *("config/wsgi_fhir.py", "config/demo_provider.py", "ops/process.py"),
}


def sources() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def test_environment__every_variable_is_documented() -> None:
    assert (env.ROOT / "docs" / "environment.md").read_text() == env.page()
    assert len(env.BY_NAME) == len(env.VARIABLES)
    assert all(one.meaning.endswith(".") for one in env.VARIABLES)


def test_environment__each_row_has_three_cells() -> None:
    rows = [line for line in env.page().splitlines() if line.startswith("| `")]
    assert len(rows) == len(env.VARIABLES)
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {5}


def test_commands__each_is_told_on_a_page() -> None:
    """A new operator finds every command in the README or in docs/."""
    pages = [env.ROOT / "README.md", env.ROOT / "UPGRADE.md", *sorted((env.ROOT / "docs").glob("*.md"))]
    told = "\n".join(page.read_text() for page in pages)
    assert [name for name in COMMANDS if f"healthspace {name}" not in told and f"`{name}`" not in told] == []


def test_pages__of_docs_are_all_linked_from_the_readme() -> None:
    readme = (env.ROOT / "README.md").read_text()
    pages = sorted((env.ROOT / "docs").glob("*.md"))
    assert [page.name for page in pages if f"docs/{page.name}" not in readme] == []


def test_environment__is_read_in_one_place() -> None:
    readers = {str(path.relative_to(SOURCE)) for path in sources() if READS.search(path.read_text())}
    assert readers - HAND_ON - {"config/settings/test.py"} == set()


def test_environment__every_variable_is_used_and_every_use_is_known() -> None:
    asked = re.compile(r"env\.(?:text|whole|truth|listed|secret)\(\s*f?\"([A-Z0-9_{}]+)\"")
    used = {name for path in sources() for name in asked.findall(path.read_text())}
    used = used - {"HEALTHSPACE_{kind}_THREADS", "HEALTHSPACE_{kind}_WORKERS"}
    for test in (env.ROOT / "tests").rglob("*.py"):
        used |= set(asked.findall(test.read_text()))
    assert used <= set(env.BY_NAME)
    doors = {f"HEALTHSPACE_{kind}_{what}" for kind in ("WEB", "FHIR") for what in ("THREADS", "WORKERS")}
    assert set(env.BY_NAME) - used - doors <= {"HEALTHSPACE_HOME", "CITUS_URL"}  # read by env.home and settings.test


def test_passwords__argon2id_with_46_mib() -> None:
    assert (Argon2.memory_cost, Argon2.time_cost, Argon2.parallelism) == (46 * 1024, 1, 1)
    assert (
        'PASSWORD_HASHERS = ["healthspace.config.hashers.Argon2"]'
        in (SOURCE / "config" / "settings" / "base.py").read_text()
    )
    assert make_password("a long enough one").startswith("argon2$argon2id$")


def test_policy__nothing_from_elsewhere_nothing_inline_no_frame() -> None:
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == ["'none'"]
    assert {value for values in policy.values() for value in values} <= {"'none'", "'self'"}


def test_database__no_request_is_one_transaction() -> None:
    entry = settings.DATABASES["default"]
    assert entry["ATOMIC_REQUESTS"] is False
    assert settings.DATABASES.keys() == {"default"}
    assert "citus.propagate_set_commands=local" in entry["OPTIONS"]["options"]


def test_uploads__never_touch_a_temporary_file() -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE > settings.MAX_DOCUMENT_BYTES
