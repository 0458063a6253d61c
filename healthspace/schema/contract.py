"""The schema contract (decision 3): every table is PERSON, REFERENCE, INDEX or LOCAL.

PERSON tables live beside their person, are keyed `(person_id, id)` and guarded by row-level
security. REFERENCE tables are small and the same everywhere. INDEX tables find a person by a
keyed hash. LOCAL tables serve one site: sign-in, sessions.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from django.db import models

from healthspace.common import ids

TableClass = Literal["PERSON", "REFERENCE", "INDEX", "LOCAL"]


class PersonTable(models.Model):
    """A row about one person; every query names that person."""

    TABLE_CLASS: ClassVar[TableClass] = "PERSON"

    pk = models.CompositePrimaryKey("person_id", "id")
    person_id = models.UUIDField()
    id = models.UUIDField(default=ids.new_id, editable=False)

    class Meta:
        abstract = True


class ReferenceTable(models.Model):
    """A row every site needs: professionals, institutions, vocabularies."""

    TABLE_CLASS: ClassVar[TableClass] = "REFERENCE"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)

    class Meta:
        abstract = True


class IndexTable(models.Model):
    """A keyed hash that leads to a person; the hash says nothing without the key."""

    TABLE_CLASS: ClassVar[TableClass] = "INDEX"

    find_key = models.BinaryField(primary_key=True, max_length=32)

    class Meta:
        abstract = True


class LocalTable(models.Model):
    """A row of this site: accounts, tokens, machinery."""

    TABLE_CLASS: ClassVar[TableClass] = "LOCAL"

    id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True
