"""What the database's own catalogue must say (storage 4.5, T66): each check returns its faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from django.apps import apps

Database = psycopg.Connection[Any]
Check = Callable[[Database], Iterable[str]]
Classes = dict[str, str]

# Tables that Django and the job queue bring along: one site's, no health in them.
BROUGHT_ALONG = frozenset(
    {
        "django_migrations",
        "django_content_type",
        "django_session",
        "auth_permission",
        "auth_group",
        "auth_group_permissions",
    }
)
# storage 4.5, rule 13; Citus where it is
EXTENSIONS = {"plpgsql", "pg_trgm", "unaccent", "btree_gin", "btree_gist", "pg_stat_statements"}
EXTENSIONS |= {"citus", "citus_columnar"}
IN_POLICIES = {"current_setting", "nullif", "now", "any", "all", "array", "and", "or", "not", "in", "case"}
ROLES = ("healthspace_app", "healthspace_worker")
OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^(pg_temp|citus|columnar)'"
COMMANDS = {"SELECT": "r", "INSERT": "a", "UPDATE": "w", "DELETE": "d"}


def declared() -> Classes:
    """Table -> class, as the models say it."""
    found = dict.fromkeys(BROUGHT_ALONG, "LOCAL")
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and model._meta.db_table not in found:
            found[model._meta.db_table] = getattr(model, "TABLE_CLASS", "")
    return found


def rows(db: Database, query: str, values: Any = None) -> list[tuple[Any, ...]]:
    return db.execute(query, values).fetchall()


def _tables(db: Database, kinds: str = "rp") -> list[tuple[str, int]]:
    found = rows(
        db,
        f"SELECT c.relname, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE c.relkind = ANY(%s) AND {OURS} ORDER BY 1",
        (list(kinds),),
    )
    return [(name, oid) for name, oid in found if not name.startswith("procrastinate_")]


def _of_persons(db: Database) -> list[tuple[str, int]]:
    classes = declared()
    return [(name, oid) for name, oid in _tables(db) if classes.get(name) == "PERSON"]


def unclassed_tables(db: Database) -> Iterable[str]:
    """Rule 1: a table is PERSON, REFERENCE, INDEX or LOCAL, and says so."""
    classes = declared()
    for name, _ in _tables(db):
        if classes.get(name) not in {"PERSON", "REFERENCE", "INDEX", "LOCAL"}:
            yield f"{name}: no class"


def health_without_person(db: Database) -> Iterable[str]:
    """A table with a person_id is a PERSON table; an account or an index only points."""
    classes = declared()
    for name, oid in _tables(db):
        has_person = rows(
            db, "SELECT 1 FROM pg_attribute WHERE attrelid = %s AND attname = 'person_id' AND NOT attisdropped", (oid,)
        )
        if has_person and classes.get(name) not in {"PERSON", "INDEX"} and name != "people_account":
            yield f"{name}: holds a person_id and is {classes.get(name)}"


def wrong_keys(db: Database) -> Iterable[str]:
    """Rule 2: person_id uuid NOT NULL first, the key (person_id, id), id made by us."""
    for name, oid in _of_persons(db):
        columns = rows(
            db,
            "SELECT attname, format_type(atttypid, NULL), attnotnull, attidentity <> '',"
            " coalesce(pg_get_expr(adbin, adrelid), '') FROM pg_attribute"
            " LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
            " WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            (oid,),
        )
        if columns[0][:3] != ("person_id", "uuid", True):
            yield f"{name}: the first column is {columns[0][0]}"
        if ("id", "uuid") not in {column[:2] for column in columns}:
            yield f"{name}: no id of ours"
        yield from (f"{name}.{c[0]}: numbered by the database" for c in columns if c[3] or "nextval" in c[4])
        key = rows(
            db,
            "SELECT array_agg(attname::text ORDER BY array_position(conkey, attnum)) FROM pg_constraint"
            " JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY(conkey)"
            " WHERE conrelid = %s AND contype = 'p'",
            (oid,),
        )
        if key[0][0] != ["person_id", "id"]:
            yield f"{name}: keyed by {key[0][0]}"


def uniques_across_persons(db: Database) -> Iterable[str]:
    """Rule 3: what is unique is unique within one person (T32: no existence by constraint)."""
    for name, oid in _of_persons(db):
        for index, columns in rows(
            db,
            "SELECT indexrelid::regclass::text, array_agg(attname::text) FROM pg_index"
            " LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)"
            " WHERE indrelid = %s AND (indisunique OR indisexclusion) GROUP BY 1",
            (oid,),
        ):
            if "person_id" not in columns:
                yield f"{name}: {index} is unique across persons"


def wrong_foreign_keys(db: Database) -> Iterable[str]:
    """Rule 4: within a person by (person_id, x); to references by one column; nothing else."""
    classes = declared()
    for name, start, end, columns, targets, on_delete in rows(
        db,
        "SELECT conname, a.relname, b.relname,"
        " (SELECT array_agg(attname::text ORDER BY array_position(conkey, attnum)) FROM pg_attribute"
        "  WHERE attrelid = conrelid AND attnum = ANY(conkey)),"
        " (SELECT array_agg(attname::text ORDER BY array_position(confkey, attnum)) FROM pg_attribute"
        "  WHERE attrelid = confrelid AND attnum = ANY(confkey)), confdeltype::text"
        " FROM pg_constraint JOIN pg_class a ON a.oid = conrelid JOIN pg_class b ON b.oid = confrelid"
        " WHERE contype = 'f'",
    ):
        way = (classes.get(start, ""), classes.get(end, ""))
        if way == ("PERSON", "PERSON"):
            if columns[0] != "person_id" or targets != ["person_id", "id"] or on_delete in "nd":
                yield f"{name}: not within one person"
        elif way == ("PERSON", "REFERENCE"):
            if len(columns) != 1:
                yield f"{name}: more than one column"
        elif way not in {("REFERENCE", "REFERENCE"), ("LOCAL", "LOCAL"), ("LOCAL", "REFERENCE")}:
            yield f"{name}: from {way[0]} to {way[1]}"


def open_rows(db: Database) -> Iterable[str]:
    """Rule 6, T66: row-level security on and forced, a permissive policy for each granted command."""
    for name, oid in _of_persons(db):
        [(enabled, forced)] = rows(
            db, "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s", (oid,)
        )
        if not enabled or not forced:
            yield f"{name}: row-level security is not forced"
        policies = rows(
            db,
            "SELECT polname, polcmd::text, polpermissive, coalesce(pg_get_expr(polqual, polrelid), ''),"
            " coalesce(pg_get_expr(polwithcheck, polrelid), ''),"
            " ARRAY(SELECT CASE WHEN r = 0 THEN 'public' ELSE pg_get_userbyid(r)::text END FROM unnest(polroles) r)"
            " FROM pg_policy WHERE polrelid = %s",
            (oid,),
        )
        for command, letter in COMMANDS.items():
            held = [p[0] for p in policies if p[1] in (letter, "*") and "healthspace_app" in p[5]]
            [(granted,)] = rows(db, "SELECT has_table_privilege('healthspace_app', %s::oid, %s)", (oid, command))
            if granted and len(held) != 1:
                yield f"{name}: {command} is held by {len(held)} policies"
        for policy, _, permissive, using, checking, roles in policies:
            yield from _weak(f"{name}: {policy}", permissive, using, checking, roles)


def _weak(where: str, permissive: bool, using: str, checking: str, roles: list[str]) -> Iterable[str]:
    if not permissive:
        yield f"{where} is restrictive: Citus would open it"
    if set(roles) - set(ROLES):
        yield f"{where} is for {roles}"
    for text in filter(None, (using, checking)):
        calls = {call.lower() for call in re.findall(r"([A-Za-z_.]+)\s*\(", text)} - IN_POLICIES
        if calls or re.search(r"\bselect\b", text, re.IGNORECASE):
            yield f"{where} calls {sorted(calls) or 'a query'}"
        mine = re.search(r"person_id = \(?NULLIF\(current_setting\('app.person'", text)
        if not mine and roles != ["healthspace_worker"]:
            yield f"{where} does not name the person"


def machinery(db: Database) -> Iterable[str]:
    """Rule 5: no trigger and no rule on a PERSON table, no partition tricks."""
    for name, oid in _of_persons(db):
        if rows(db, "SELECT 1 FROM pg_trigger WHERE tgrelid = %s AND NOT tgisinternal", (oid,)):
            yield f"{name}: a trigger"
        if rows(db, "SELECT 1 FROM pg_rewrite WHERE ev_class = %s", (oid,)):
            yield f"{name}: a rule"


def open_views(db: Database) -> Iterable[str]:
    """A view reads with its owner's rights unless told otherwise; a stored one always."""
    for name, oid in _tables(db, "v"):
        [(options,)] = rows(db, "SELECT coalesce(reloptions, '{}') FROM pg_class WHERE oid = %s", (oid,))
        if not {"security_invoker=true", "security_invoker=on", "security_invoker=1"} & set(options):
            yield f"{name}: reads with the rights of its owner"
    yield from (f"{name}: a stored copy has no row-level security" for name, _ in _tables(db, "m"))


def borrowed_rights(db: Database) -> Iterable[str]:
    """No function that runs with its owner's rights."""
    for (name,) in rows(
        db,
        f"SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE p.prosecdef AND {OURS}",
    ):
        yield f"{name}: SECURITY DEFINER"


def strong_roles(db: Database) -> Iterable[str]:
    """The doors' and the worker's roles own nothing, pass no row-level security, create nothing."""
    for role in ROLES:
        [(powers, roles_of)] = rows(
            db,
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication,"
            " ARRAY(SELECT pg_get_userbyid(roleid)::text FROM pg_auth_members WHERE member = r.oid)"
            " FROM pg_roles r WHERE rolname = %s",
            (role,),
        )
        if powers:
            yield f"{role}: holds a power over the whole server"
        if set(roles_of) - {"healthspace_app"}:
            yield f"{role}: is also {roles_of}"
        if rows(db, "SELECT 1 FROM pg_shdepend WHERE refobjid = %s::regrole AND deptype = 'o'", (role,)):
            yield f"{role}: owns something"
        for what, kind in ((db.info.dbname, "database"), ("public", "schema")):
            if rows(db, f"SELECT 1 WHERE has_{kind}_privilege(%s, %s, 'CREATE')", (role, what)):
                yield f"{role}: may create in {what}"


def broad_grants(db: Database) -> Iterable[str]:
    """Nothing is granted to everybody; nobody but the owner truncates, references or sets triggers."""
    for name, oid in _tables(db, "rpvm"):
        for grantee, privilege in rows(
            db,
            "SELECT CASE WHEN grantee = 0 THEN 'public' ELSE pg_get_userbyid(grantee)::text END, privilege_type"
            " FROM pg_class, aclexplode(relacl) WHERE oid = %s AND grantee <> relowner",
            (oid,),
        ):
            if grantee not in ROLES or privilege not in COMMANDS:
                yield f"{name}: {privilege} to {grantee}"


def bendable_journal(db: Database) -> Iterable[str]:
    """The journal is INSERT only: nobody changes a word of it, nobody removes a line."""
    for role in ROLES:
        for privilege in ("UPDATE", "DELETE"):
            if rows(db, "SELECT 1 WHERE has_table_privilege(%s, 'audit_event', %s)", (role, privilege)):
                yield f"audit_event: {privilege} to {role}"
    for role, column in rows(
        db,
        "SELECT r, attname FROM unnest(%s::text[]) r, pg_attribute WHERE attrelid = 'audit_event'::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attname <> 'leaf_index'"
        " AND has_column_privilege(r, attrelid, attnum, 'UPDATE')",
        (list(ROLES),),
    ):
        yield f"audit_event.{column}: UPDATE to {role}"


def foreign_extensions(db: Database) -> Iterable[str]:
    """Rule 13: only what every engine of ours has."""
    for (name,) in rows(db, "SELECT extname FROM pg_extension"):
        if name not in EXTENSIONS:
            yield f"{name}: not among the extensions allowed"
