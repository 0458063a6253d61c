"""Which files of a path are loaded, and how each is read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from healthspace.journeys.loading.parcels import Source, Unreadable

MANIFEST: Final = "manifest.csv"


def walk(path: Path) -> Iterator[Source]:
    """The sources under a path, folder by folder in the order of their names.

    A folder with a manifest.csv is read by it; in others, *.xml are CDA and *.json FHIR bundles.
    """
    if path.is_file():
        yield from _manifest(path, path.parent) if path.name == MANIFEST else _alone(path, path.parent)
    elif path.is_dir():
        yield from _folder(path, path)
    else:
        raise Unreadable("no-such-path")


def count(path: Path) -> int:
    """How many sources there are, for a progress bar."""
    return sum(1 for _ in walk(path))


def _folder(folder: Path, root: Path) -> Iterator[Source]:
    manifest = folder / MANIFEST
    if manifest.is_file():
        yield from _manifest(manifest, root)
        return
    for child in sorted(folder.iterdir()):
        if child.is_dir():
            yield from _folder(child, root)
        else:
            yield from _alone(child, root)


def _alone(path: Path, root: Path) -> Iterator[Source]:
    name = str(path.relative_to(root))
    if path.suffix.lower() == ".xml":
        yield Source("cda", path, name)
    elif path.suffix.lower() == ".json":
        yield Source("bundle", path, name)


def _manifest(manifest: Path, root: Path) -> Iterator[Source]:
    with manifest.open(encoding="utf-8-sig", newline="") as rows:
        delimiter = ";" if ";" in rows.readline() else ","
        rows.seek(0)
        for row in csv.DictReader(rows, delimiter=delimiter):
            values = {str(key).strip(): str(value or "").strip() for key, value in row.items()}
            file = values.get("file", "")
            name = str(manifest.parent.relative_to(root) / file)
            yield Source("plain", manifest.parent / file, name, manifest.parent, values)
