"""Bundles: reading a Provide Document Bundle (MHD ITI-65), writing what goes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from healthspace.fhir import codes, elements
from healthspace.fhir.exchange import Params
from healthspace.fhir.outcome import Fault, Issue

Json = Mapping[str, Any]
MAX_DOCUMENTS: Final = 100
_CREATED: Final = frozenset({"DocumentReference", "List", "Binary"})
_SET_EXTENSIONS: Final = (
    "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-designationType",
    "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-sourceId",
    "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-intendedRecipient",
    f"{codes.PDSM}/pdsm-ext-intended-recipient",
    codes.IS_ARCHIVED,
)


@dataclass(frozen=True, slots=True)
class Submission:
    """A checked bundle: its submission set, its documents by their place, and all by fullUrl."""

    entries: tuple[Json, ...]
    submission_set: Json
    documents: tuple[tuple[int, Json], ...]
    by_url: Mapping[str, Json]

    @property
    def unique_id(self) -> str:
        """The sender's identifier of the submission set."""
        usual = [one for one in self.submission_set.get("identifier", ()) if one.get("use") == "usual"]
        found = usual or list(self.submission_set.get("identifier", ())) or [{}]
        return str(found[0].get("value", ""))

    def resolve(self, reference: str) -> Json | None:
        """A resource of the bundle by its fullUrl, or by type and id."""
        return self.by_url.get(reference)


def read(bundle: Json) -> Submission:
    """The submission of a transaction, or a 422 that names each entry that is wrong."""
    issues = elements.check(bundle, "Bundle") or list(_issues(bundle))
    if issues:
        raise Fault(422, *issues)
    entries = tuple(bundle["entry"])
    sets = [entry["resource"] for entry in entries if _list_kind(entry) == "submissionset"]
    documents = tuple(
        (place, entry["resource"])
        for place, entry in enumerate(entries)
        if entry["resource"]["resourceType"] == "DocumentReference"
    )
    return Submission(entries, sets[0], documents, _by_url(entries))


def _issues(bundle: Json) -> list[Issue]:
    if bundle["type"] != "transaction":
        return [Issue("not-supported", "Only transactions are taken here.", "Bundle.type")]
    entries: Sequence[Json] = bundle.get("entry", ())
    found = [issue for place, entry in enumerate(entries) for issue in _entry_issues(entry, f"Bundle.entry[{place}]")]
    if found:
        return found
    kinds = [entry["resource"]["resourceType"] for entry in entries]
    lists = [_list_kind(entry) for entry in entries if entry["resource"]["resourceType"] == "List"]
    if lists.count("submissionset") != 1:
        found.append(Issue("required", "A bundle holds exactly one submission set.", "Bundle.entry"))
    if not 1 <= kinds.count("DocumentReference") <= MAX_DOCUMENTS:
        found.append(Issue("required", f"A bundle holds 1 to {MAX_DOCUMENTS} documents.", "Bundle.entry"))
    if set(lists) - {"submissionset"}:
        found.append(Issue("not-supported", "Folders are arranged by the holder; send the documents alone.",
                           "Bundle.entry"))  # fmt: skip
    urls = [entry["fullUrl"] for entry in entries if "fullUrl" in entry]
    if len(set(urls)) != len(urls):
        found.append(Issue("duplicate", "Two entries have the same fullUrl.", "Bundle.entry"))
    return found


def _entry_issues(entry: Json, path: str) -> list[Issue]:
    if "resource" not in entry or "request" not in entry:
        return [Issue("required", "An entry has a resource and a request.", path)]
    kind, request = entry["resource"]["resourceType"], entry["request"]
    found = []
    if kind in _CREATED and (request["method"] != "POST" or request["url"] != kind):
        found.append(Issue("not-supported", f"This entry can only be POST {kind}.", f"{path}.request"))
    if set(request) & {"ifNoneExist", "ifMatch", "ifNoneMatch", "ifModifiedSince"} and kind in _CREATED:
        found.append(Issue("not-supported", "Conditions are not understood here.", f"{path}.request"))
    if _list_kind(entry) == "submissionset":
        found += _list_issues(entry["resource"], f"{path}.resource")
    return found


def _list_issues(resource: Json, path: str) -> list[Issue]:
    found = [
        Issue("required", "PDSm asks for this element.", f"{path}.{name}")
        for name in ("identifier", "code", "subject", "date", "source")
        if not resource.get(name)
    ]
    if resource["status"] != "current" or resource["mode"] != "working":
        found.append(Issue("business-rule", "A list is current and working.", path))
    if "modifierExtension" in resource:
        found.append(Issue("not-supported", "No modifier is understood here.", f"{path}.modifierExtension"))
    found += [
        Issue("extension", "This extension is not part of the profile.", f"{path}.extension[{place}]")
        for place, extension in enumerate(resource.get("extension", ()))
        if extension.get("url") not in _SET_EXTENSIONS
    ]
    return found


def _list_kind(entry: Json) -> str:
    if entry["resource"]["resourceType"] != "List":
        return ""
    return codes.pick(entry["resource"].get("code"), (codes.LIST_TYPES,)) or "?"


def _by_url(entries: Sequence[Json]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for entry in entries:
        resource = entry["resource"]
        if "id" in resource:
            found[f"{resource['resourceType']}/{resource['id']}"] = resource
        if "fullUrl" in entry:
            found[entry["fullUrl"]] = resource
    return found


def searchset(
    matches: Sequence[Mapping[str, Any]],
    *,
    base: str,
    kind: str,
    query: Params,
    following: Params | None = None,
    total: int | None = None,
    outcome: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A page of a search; `total` only when it was asked for."""
    links = [{"relation": "self", "url": _url(base, kind, query)}]
    if following is not None:
        links.append({"relation": "next", "url": _url(base, kind, following)})
    entries: list[dict[str, Any]] = [
        {
            "fullUrl": f"{base}/{match['resourceType']}/{match['id']}",
            "resource": match,
            "search": {"mode": "match"},
        }
        for match in matches
    ]
    if outcome is not None:
        entries.append({"resource": outcome, "search": {"mode": "outcome"}})
    found: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if total is not None:
        found["total"] = total
    found["link"] = links
    if entries:
        found["entry"] = entries
    return found


def _url(base: str, kind: str, query: Params) -> str:
    return f"{base}/{kind}?{urlencode(query)}" if query else f"{base}/{kind}"
