"""Log lines: JSON, with the few keys allowed. Nothing personal can reach a line: what is not on the list is dropped."""

import json
import logging
from datetime import UTC, datetime

ALLOWED = (
    "route",
    "method",
    "status",
    "duration_ms",
    "room",
    "kind",
    "count",
    "rule",
    "code",
    "port",
    "attempt",
    "task",
)


class Line(logging.Formatter):
    """One record as one JSON line; arguments of other people's messages are left out."""

    def format(self, record: logging.LogRecord) -> str:
        is_ours = record.name.startswith("healthspace")
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            # A foreign message's arguments may hold an address or a value: its pattern says enough.
            "message": record.getMessage() if is_ours else str(record.msg),
        }
        line |= {key: record.__dict__[key] for key in ALLOWED if key in record.__dict__}
        if record.exc_info and record.exc_info[0]:
            line["fault"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=False)


def _where(record: logging.LogRecord) -> list[str]:
    """The frames of a fault, file and line only: the text of an exception may quote what it met."""
    frames: list[str] = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace:
        frames.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames[-12:]
