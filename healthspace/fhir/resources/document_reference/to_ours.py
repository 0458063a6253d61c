"""A PDSm DocumentReference towards an order to file (MHD ITI-65 and ITI-105)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import orjson

from healthspace.documents.rules import Author, ClaimedIdentity, Order
from healthspace.fhir import codes, elements, instants, logical_ids
from healthspace.fhir.outcome import Fault, Issue
from healthspace.fhir.resources.document_reference import attachment, labels, parties
from healthspace.spaces import reads as spaces

Json = Mapping[str, Any]
Content = Callable[[Json, str], bytes]
KEPT: Final = ("identifier", "docStatus")
MAX_KEPT: Final = 20_000
_EXTENSIONS: Final = frozenset({codes.IS_ARCHIVED})


def check(document: Json, path: str = "DocumentReference") -> None:
    """R4's shape, then what the profile asks; all findings at once, in a 422."""
    issues = elements.check(document, "DocumentReference") or list(_profile(document))
    if issues:
        raise Fault(422, *(_moved(issue, path) for issue in issues))


def order(
    document: Json,
    *,
    content: Content,
    resolve: parties.Resolve | None = None,
    submission_id: str = "",
    key: str = "",
    path: str = "DocumentReference",
) -> Order:
    """The order of a checked DocumentReference.

    `content` finds the bytes of an attachment; `key` stands in for a missing masterIdentifier.
    """
    find = parties.contained_in(document, resolve)
    first, context = document["content"][0], document.get("context", {})
    attached, period = first["attachment"], context.get("period", {})
    where = f"{path}.content[0].attachment"
    body = content(attached, where)
    attachment.check(attached, body, where)
    return Order(
        type_code=codes.pick(document["type"], (codes.LOINC, codes.TYPES)),
        title=str(attached["title"]).strip(),
        media_type=str(attached["contentType"]).split(";")[0].strip().lower(),
        content=body,
        made_at=_instant(attached.get("creation") or document["date"], f"{where}.creation"),
        source_id=str(document.get("masterIdentifier", {}).get("value") or key),
        identity=_identity(document, find, path),
        service_start=_optional(period.get("start"), f"{path}.context.period.start"),
        service_stop=_optional(period.get("end"), f"{path}.context.period.end"),
        authors=_authors(document, find),
        class_code=_class(document),
        setting_code=codes.pick(context.get("practiceSetting"), (codes.SETTINGS, codes.NOT_PROFESSIONAL)),
        facility_code=codes.pick(context.get("facilityType"), (codes.FACILITIES, codes.NOT_PROFESSIONAL)),
        language=str(attached.get("language", "fr-FR")),
        confidentiality=labels.read(document.get("securityLabel", ()), f"{path}.securityLabel"),
        replaces=replaced(document, path),
        description=str(document.get("description", "")),
        submission_id=submission_id,
        extras=_extras(document, find, body),
    )


def replaced(document: Json, path: str = "DocumentReference") -> str:
    """The sender's identifier, or our own, of the document this one replaces; or nothing."""
    relations = document.get("relatesTo", ())
    if not relations:
        return ""
    target = relations[0]["target"]
    if len(relations) > 1 or relations[0]["code"] != "replaces":
        raise Fault(422, Issue("not-supported", "Only one relation, `replaces`, is kept.", f"{path}.relatesTo"))
    identifier = target.get("identifier", {}).get("value")
    reference = str(target.get("reference", ""))
    if identifier:
        return str(identifier)
    if "DocumentReference/" in reference:
        logical_id = reference.rsplit("DocumentReference/", 1)[1].split("/", maxsplit=1)[0]
        return str(logical_ids.decode(logical_id)[1])
    raise Fault(422, Issue("required", "Say which document is replaced.", f"{path}.relatesTo[0].target"))


def _profile(document: Json) -> list[Issue]:
    """What PDSm asks beyond R4's shape, in the elements we keep."""
    found = [Issue("required", "PDSm asks for this element.", f"DocumentReference.{name}")
             for name in ("type", "subject", "date", "author") if not document.get(name)]  # fmt: skip
    if document.get("status") != "current":
        found.append(Issue("business-rule", "A document is filed as current.", "DocumentReference.status"))
    if "modifierExtension" in document:
        found.append(Issue("not-supported", "No modifier is understood here.", "DocumentReference.modifierExtension"))
    found += [
        Issue("extension", "This extension is not part of the profile.", f"DocumentReference.extension[{place}]")
        for place, extension in enumerate(document.get("extension", ()))
        if extension.get("url") not in _EXTENSIONS
    ]
    if len(document["content"]) != 1:
        found.append(Issue("structure", "One document is one content.", "DocumentReference.content"))
    attached = document["content"][0]["attachment"]
    found += [Issue("required", "PDSm asks for this element.", f"DocumentReference.content[0].attachment.{name}")
              for name in ("contentType", "title") if not attached.get(name)]  # fmt: skip
    if "data" in attached and "url" in attached:
        found.append(Issue("invariant", "Either data or url, not both.", "DocumentReference.content[0].attachment"))
    if "type" in document and not codes.pick(document["type"], (codes.LOINC, codes.TYPES)):
        found.append(Issue("code-invalid", "A type of JDV_J07 is expected (LOINC or TRE_A05).",
                           "DocumentReference.type", rule="JDV_J07"))  # fmt: skip
    return found


def _moved(issue: Issue, path: str) -> Issue:
    if not issue.expression.startswith("DocumentReference"):
        return issue
    expression = path + issue.expression.removeprefix("DocumentReference")
    return Issue(issue.code, issue.text, expression, issue.rule, issue.way_out, issue.severity)


def _identity(document: Json, find: parties.Resolve, path: str) -> ClaimedIdentity:
    """INS from the subject or its Patient; traits from that Patient or sourcePatientInfo."""
    subject = document["subject"]
    patient = find(str(subject.get("reference", ""))) or {}
    source = find(str(document.get("context", {}).get("sourcePatientInfo", {}).get("reference", ""))) or {}
    identifiers = [subject.get("identifier", {}), *patient.get("identifier", ()), *source.get("identifier", ())]
    found = {(one.get("system"), one.get("value")) for one in identifiers if one.get("system") in codes.INS_AUTHORITIES}
    where = f"{path}.subject"
    if not found:
        raise Fault(422, Issue("required", "The document must say whose it is, by INS.", where, rule="ID-1",
                               way_out="Give subject.identifier, or a Patient with identifier, "
                               "contained or in the bundle."))  # fmt: skip
    if len(found) > 1:
        raise Fault(422, Issue("invariant", "The document names two different INS.", where, rule="ID-1"))
    system, value = found.pop()
    traits = parties.traits(patient or source)
    return ClaimedIdentity(ins=spaces.parse_ins(str(value or ""), str(system)), traits=traits)


def _class(document: Json) -> str:
    return next(filter(None, (codes.pick(one, (codes.CLASSES,)) for one in document.get("category", ()))), "")


def _authors(document: Json, find: parties.Resolve) -> tuple[Author, ...]:
    found = (parties.author(reference, find) for reference in document["author"])
    return tuple(dict.fromkeys(author for author in found if author is not None))


def _optional(text: str | None, path: str) -> datetime | None:
    return _instant(text, path) if text else None


def _instant(text: str, path: str) -> datetime:
    instant = instants.start(str(text))
    if instant is None:
        raise Fault(422, Issue("value", "There is no such date.", path, rule="DATE-1"))
    return instant


def _extras(document: Json, find: parties.Resolve, body: bytes) -> dict[str, str]:
    """What the profile carries and we only give back: kept as the sender wrote it."""
    kept: dict[str, Any] = {name: document[name] for name in KEPT if name in document}
    kept["sha1"] = attachment.sha1(body)
    if "creation" in document["content"][0]["attachment"]:
        kept["creation"] = document["content"][0]["attachment"]["creation"]
    for name in ("authenticator", "custodian"):
        reference = parties.logical(document[name], find) if name in document else None
        if reference:
            kept[name] = reference
    if "format" in document["content"][0]:
        kept["format"] = document["content"][0]["format"]
    context = document.get("context", {})
    kept |= {name: context[name] for name in ("event", "related") if name in context}
    text = orjson.dumps(kept).decode()
    if len(text) > MAX_KEPT:
        raise Fault(
            422, Issue("too-long", f"More than {MAX_KEPT} characters beside the document.", "DocumentReference")
        )
    return {"fhir": text}
