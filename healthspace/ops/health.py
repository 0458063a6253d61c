"""Probes for whoever watches the product: alive (the process answers), ready (its database does too)."""

from django.db import Error, connection


def answer(path: str) -> tuple[str, bytes]:
    """HTTP status line and JSON body of /health/live and /health/ready."""
    if path == "/health/live":
        return "200 OK", b'{"status": "alive"}'
    if path != "/health/ready":
        return "404 Not Found", b'{"status": "unknown probe"}'
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        connection.close()
        return "503 Service Unavailable", b'{"status": "the database does not answer"}'
    return "200 OK", b'{"status": "ready"}'
