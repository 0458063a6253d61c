"""A structured CDA document as our own accessible HTML fragment. Parser process only.

The sender's style sheet is never run (T46). Sections are headings in order from h2; the patient is not repeated.
"""

from __future__ import annotations

import re

from lxml import etree

from healthspace.documents.adapters import cda_header, cda_xml, entries, markup, narrative, structure
from healthspace.documents.adapters.cda_xml import NS, attribute, tag, text_of
from healthspace.documents.adapters.fault import Fault
from healthspace.documents.adapters.markup import Writing, escape, when

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
DEEPEST = 40


def to_html(content: bytes, *, language: str, base: str, params: dict[str, int]) -> str:
    """The whole fragment; `base` is the path under which /media/<n> answers."""
    root = cda_xml.parse(content)
    writing = markup.writing(language, base)
    _prepare(root, writing, params)
    parts = [_summary(cda_header.header(root), writing)]
    for section in root.findall("h:component/h:structuredBody/h:component/h:section", NS):
        parts.append(_section(section, writing, 2, ""))
    parts.append(_leftover(writing))
    parts.append(_notes(writing))
    spoken = attribute(root, "h:languageCode", "code")
    lang = f' lang="{spoken}"' if LANGUAGE.fullmatch(spoken) else ""
    return markup.cleaned(f'<article class="cda stack-l"{lang}>{"".join(parts)}</article>', writing)


def _prepare(root: etree._Element, writing: Writing, params: dict[str, int]) -> None:
    """Number the media, give our own ids to what is pointed at, keep the words that entries refer to."""
    for number, (sender_id, value) in enumerate(cda_xml.media(root), start=1):
        writing.media[sender_id or f"#{number}"] = (number, _media_form(value, params))
    pointed = {one.get("href", "")[1:] for one in root.iter(tag("linkHtml")) if one.get("href", "").startswith("#")}
    for number, sender_id in enumerate(sorted(pointed), start=1):
        writing.targets[sender_id] = f"cda-to-{number}"
    for section_text in root.iter(tag("text")):
        for element in section_text.iter():
            if element.get("ID"):
                writing.texts.setdefault(element.get("ID", ""), text_of(element))
    writing.targets = {known: ours for known, ours in writing.targets.items() if known in writing.texts}


def _media_form(value: etree._Element, params: dict[str, int]) -> str:
    try:
        kind = structure.check_media(cda_xml.decoded(value), value.get("mediaType") or "", params)
    except Fault:
        return "broken"
    return "file" if kind == "pdf" else "picture"


def _summary(header: cda_header.Value, writing: Writing) -> str:
    words = writing.words
    authors = [_who(one) for one in _dicts(header["authors"])]
    places = [str(one["organization_name"]) for one in _dicts(header["authors"]) if one["organization_name"]]
    signer = _dicts([header["legal_authenticator"]])
    signed = _who(signer[0]) if signer else ""
    start, stop = str(header["service_start"]), str(header["service_stop"])
    days = [day for day in dict.fromkeys([when(start[:8], words), when(stop[:8], words)]) if day]
    kind = _dicts([header["type"]])[0]
    pairs = [
        (words["type"], [str(kind["display"] or header["title"])]),
        (words["made"], [when(str(header["made_at"]), words)]),
        (words["service"], [f" {words['to']} ".join(days)]),
        (words["authors" if len(set(authors)) > 1 else "author"], authors),
        (words["organization"], places),
        (words["signed"], [signed] if signed not in authors else []),
    ]
    rows = []
    for name, values in pairs:
        said = "<br>".join(escape(value) for value in dict.fromkeys(values) if value)
        if said:
            rows.append(f"<div><dt>{escape(name)}</dt><dd>{said}</dd></div>")
    return f'<dl class="kv">{"".join(rows)}</dl>'


def _who(party: cda_header.Value) -> str:
    specialty = party["specialty"]
    role = str(specialty.get("display") or "") if isinstance(specialty, dict) else ""
    name = str(party["name"] or party["software"] or party["organization_name"])
    return f"{name}, {role}" if name and role else name


def _dicts(values: object) -> list[cda_header.Value]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _section(section: etree._Element, writing: Writing, level: int, parent: str) -> str:
    if level > DEEPEST:
        raise Fault("DOC-STRUCTURE")
    code = section.find("h:code", NS)
    title = text_of(section.find("h:title", NS)) or (code.get("displayName") or "" if code is not None else "")
    if title.casefold() == parent.casefold():
        title = ""
    if title:
        writing.heading = title
    text = section.find("h:text", NS)
    body = narrative.blocks(text, writing) if text is not None else ""
    if not body:
        body = entries.table(section, writing)
    parts = [body]
    inner = level + 1 if title else level
    above = title or parent
    parts += [_section(one, writing, inner, above) for one in section.findall("h:component/h:section", NS)]
    content = "".join(parts)
    if not title:
        return f'<div class="stack">{content}</div>' if content else ""
    if not content:
        content = f'<p class="m">{escape(writing.words["empty"])}</p>'
    ours = writing.fresh_id()
    heading = f"h{min(level, 6)}"
    named = f'<{heading} id="{ours}">{escape(title)}</{heading}>'
    return f'<section class="stack" aria-labelledby="{ours}">{named}{content}</section>'


def _leftover(writing: Writing) -> str:
    """Attachments that no narrative shows."""
    left = [(n, form) for n, form in writing.media.values() if n not in writing.shown_media and form != "broken"]
    if not left:
        return ""
    ours = writing.fresh_id()
    shown = "".join(narrative.medium(number, form, "", writing) for number, form in left)
    title = escape(writing.words["attachments"])
    return f'<section class="stack" aria-labelledby="{ours}"><h2 id="{ours}">{title}</h2>{shown}</section>'


def _notes(writing: Writing) -> str:
    if not writing.notes:
        return ""
    ours = writing.fresh_id()
    items = "".join(f'<li id="cda-note-{number}">{note}</li>' for number, note in enumerate(writing.notes, start=1))
    title = escape(writing.words["notes"])
    return (
        f'<section class="stack-s" aria-labelledby="{ours}"><h2 id="{ours}">{title}</h2>'
        f'<ol class="cda-list">{items}</ol></section>'
    )


def media(content: bytes, number: int, params: dict[str, int]) -> tuple[str, bytes]:
    """The kind and the bytes of embedded medium `number` (from 1), as sent; a Fault when there is none."""
    for at, (_, value) in enumerate(cda_xml.media(cda_xml.parse(content)), start=1):
        if at == number:
            found = cda_xml.decoded(value)
            return structure.check_media(found, value.get("mediaType") or "", params), found
    raise Fault("DOC-NO-SUCH-PAGE")
