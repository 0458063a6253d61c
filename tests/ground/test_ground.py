"""The ground itself: the suite runs as the doors' own role on a database of its own."""

from django.db import connection


def test_database__suite_runs_as_the_doors_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("healthspace_app", False, False)
        cursor.execute("SHOW citus.propagate_set_commands")
        assert cursor.fetchone() == ("local",)
