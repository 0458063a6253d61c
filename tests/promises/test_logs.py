"""Nothing personal can reach a log line, whoever writes it."""

import json
import logging
import sys

from healthspace.config.logs import ALLOWED, Line

SECRET = "Amina Benali 288047511210556"


def written(record: logging.LogRecord) -> dict[str, object]:
    line = Line().format(record)
    assert SECRET not in line
    assert "\n" not in line
    return dict(json.loads(line))


def record(name: str, message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.WARNING, __file__, 1, message, arguments, None)
    made.__dict__.update(extra)
    return made


def test_line__holds_only_the_keys_on_the_list() -> None:
    line = written(record("healthspace.worker", "a job met a fault", task="tell facts", person=SECRET, title=SECRET))
    assert line["task"] == "tell facts"
    assert set(line) <= {"at", "level", "logger", "message", *ALLOWED}


def test_line__of_others_keeps_its_pattern_and_drops_its_values() -> None:
    assert written(record("django.request", "Not Found: %s", f"/documents/{SECRET}"))["message"] == "Not Found: %s"


def test_line__of_a_fault_names_its_kind_and_place_never_its_text() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        made = record("django.request", "Internal Server Error: %s", SECRET)
        made.exc_info = sys.exc_info()
    line = written(made)
    assert line["fault"] == "ValueError"
    assert str(line["where"]).startswith("['tests.promises.test_logs")
