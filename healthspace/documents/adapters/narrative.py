"""The narrative block of a section as our HTML: words and structure, never the sender's attributes (T47).

Inline runs become paragraphs, tables go to `tables`, pictures become links to our re-encoded copies.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml import etree

from healthspace.documents.adapters import tables
from healthspace.documents.adapters.cda_xml import HL7, text_of
from healthspace.documents.adapters.fault import Fault
from healthspace.documents.adapters.markup import Writing, escape

BLOCKS = frozenset(["paragraph", "list", "table"])
SPACES = re.compile(r"[ \t\r\n\f]+")
EDGE_BREAKS = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")
BREAKS = re.compile(r"(?:\s*<br>\s*){2,}")
ODD = re.compile(r"[\x00-\x20\"<>\\^`{|}\x7f]")
DEPTH = 60


def name_of(element: etree._Element) -> str:
    """The local name of an HL7 element, "" for other namespaces; comments are gone since parsing."""
    found = etree.QName(element)
    return found.localname if found.namespace == HL7 else ""


def blocks(element: etree._Element, writing: Writing) -> str:
    """The content of a text, a paragraph or an item as blocks; loose words become paragraphs."""
    return "".join(_blocks(element, writing))


def _blocks(element: etree._Element, writing: Writing) -> list[str]:
    _enter(writing)
    out: list[str] = []
    run: list[str] = [words(element.text)]
    children = list(element)
    at = 0
    while at < len(children):
        child = children[at]
        kind = name_of(child)
        if kind in BLOCKS or (kind == "renderMultiMedia"):
            _flush(run, out)
            title = _title_list(child, children[at + 1] if at + 1 < len(children) else None)
            if title:
                at += 1
                child = children[at]
            out.append(_block(child, writing, title))
        elif kind == "content" and _holds_blocks(child):
            _flush(run, out)
            out += _blocks(child, writing)
        else:
            run.append(inline(child, writing))
        run.append(words(child.tail))
        at += 1
    _flush(run, out)
    writing.depth -= 1
    return out


def _enter(writing: Writing) -> None:
    writing.depth += 1
    if writing.depth > DEPTH:
        raise Fault("DOC-STRUCTURE")


def _flush(run: list[str], out: list[str]) -> None:
    text = tidy("".join(run))
    if text:
        out.append(f"<p>{text}</p>")
    run.clear()


def tidy(text: str) -> str:
    """Breaks that only made room are taken away."""
    return EDGE_BREAKS.sub("", BREAKS.sub("<br>", text)).strip()


def words(text: str | None) -> str:
    return escape(SPACES.sub(" ", text)) if text else ""


def _holds_blocks(element: etree._Element) -> bool:
    return any(name_of(inner) in BLOCKS for inner in element.iter() if inner is not element)


def _title_list(child: etree._Element, following: etree._Element | None) -> str:
    """A list of one bold line right before a table is that table's title (senders do this for want of headings)."""
    if following is None or name_of(child) != "list" or name_of(following) != "table" or (child.tail or "").strip():
        return ""
    items = [one for one in child if name_of(one) == "item"]
    if len(items) != 1 or (items[0].text or "").strip():
        return ""
    inner = [one for one in items[0] if name_of(one)]
    if len(inner) == 1 and name_of(inner[0]) == "content" and "bold" in (inner[0].get("styleCode") or "").lower():
        return text_of(inner[0])
    return ""


def _block(element: etree._Element, writing: Writing, title: str) -> str:
    kind = name_of(element)
    if kind == "paragraph":
        return _paragraph(element, writing)
    if kind == "list":
        return _list(element, writing)
    if kind == "table":
        return tables.table(element, writing, title, _cell)
    return multimedia(element, writing)


def _paragraph(element: etree._Element, writing: Writing) -> str:
    caption = _caption(element, writing)
    if _holds_blocks(element):
        return caption + blocks(element, writing)
    text = tidy(_styled(element, inside(element, writing)))
    return caption + (f"<p{writing.anchor(element.get('ID'))}>{text}</p>" if text else "")


def _caption(element: etree._Element, writing: Writing) -> str:
    caption = next((one for one in element if name_of(one) == "caption"), None)
    text = tidy(inside(caption, writing)) if caption is not None else ""
    return f"<p><strong>{text}</strong></p>" if text else ""


def _list(element: etree._Element, writing: Writing) -> str:
    items = []
    for item in element:
        if name_of(item) != "item":
            continue
        content = _caption(item, writing) + _item(item, writing)
        if content:
            items.append(f"<li{writing.anchor(item.get('ID'))}>{content}</li>")
    tag = "ol" if element.get("listType") == "ordered" else "ul"
    return _caption(element, writing) + (f'<{tag} class="cda-list">{"".join(items)}</{tag}>' if items else "")


def _cell(element: etree._Element, writing: Writing) -> str:
    """What a table cell holds: words in place, blocks only where there are some."""
    return blocks(element, writing) if _holds_blocks(element) else tidy(inside(element, writing))


def _item(item: etree._Element, writing: Writing) -> str:
    return _cell(item, writing)


def inside(element: etree._Element, writing: Writing) -> str:
    """Words and inline elements of an element, captions left to their own place."""
    _enter(writing)
    out = [words(element.text)]
    for child in element:
        if name_of(child) != "caption":
            out.append(inline(child, writing))
        out.append(words(child.tail))
    writing.depth -= 1
    return "".join(out)


def inline(element: etree._Element, writing: Writing) -> str:
    """One inline element; an unknown one gives only its words."""
    kind = name_of(element)
    if kind == "br":
        return "<br>"
    if kind in ("sub", "sup"):
        return f"<{kind}>{inside(element, writing)}</{kind}>"
    if kind == "linkHtml":
        return link(element, writing)
    if kind == "renderMultiMedia":
        return multimedia(element, writing)
    if kind == "footnote":
        return footnote(element, writing)
    if kind == "footnoteRef":
        return _note_mark(writing, element.get("IDREF") or "")
    if kind in BLOCKS:
        return _block(element, writing, "")
    text = inside(element, writing)
    if kind != "content":
        return text
    anchor = writing.anchor(element.get("ID"))
    text = _styled(element, text)
    return f"<span{anchor}>{text}</span>" if anchor else text


def _styled(element: etree._Element, text: str) -> str:
    """The few styles that mean something: bold, italics, struck out. An anchor where one is pointed at."""
    style = (element.get("styleCode") or "").lower()
    revised = element.get("revised")
    if revised in ("insert", "delete"):
        text = f"<ins>{text}</ins>" if revised == "insert" else f"<del>{text}</del>"
    if not text.strip():
        return text
    if "italics" in style or "emphasis" in style:
        text = f"<em>{text}</em>"
    return f"<strong>{text}</strong>" if "bold" in style else text


def link(element: etree._Element, writing: Writing) -> str:
    """A link within the document, or to a web address whose host is written out; anything else is words."""
    if writing.is_in_link:
        return inside(element, writing)
    writing.is_in_link = True
    text = tidy(inside(element, writing))
    writing.is_in_link = False
    target = re.sub(r"\s+", "", element.get("href") or "")
    if target.startswith("#"):
        ours = writing.targets.get(target[1:])
        return f'<a href="#{ours}">{text}</a>' if ours and text else text
    try:
        parts = urlsplit(target)
        host = parts.hostname
    except ValueError:
        return text
    if parts.scheme not in ("http", "https") or not host or parts.username is not None or ODD.search(target):
        return text
    label = f"{text} ({escape(host)}, {escape(writing.words['site'])})" if text else escape(host)
    return f'<a href="{escape(target)}" rel="noreferrer noopener nofollow">{label}</a>'


def footnote(element: etree._Element, writing: Writing) -> str:
    """The note's number here, its words at the end of the document."""
    writing.notes.append(tidy(inside(element, writing)))
    number = len(writing.notes)
    if element.get("ID"):
        writing.note_numbers[element.get("ID", "")] = number
    return _note_link(writing, number)


def _note_mark(writing: Writing, sender_id: str) -> str:
    number = writing.note_numbers.get(sender_id)
    return _note_link(writing, number) if number else ""


def _note_link(writing: Writing, number: int) -> str:
    return f"<sup>{number}</sup>" if writing.is_in_link else f'<sup><a href="#cda-note-{number}">{number}</a></sup>'


def multimedia(element: etree._Element, writing: Writing) -> str:
    """Pictures by our re-encoded copy, other files by a link; never the sender's address."""
    caption = next((text_of(one) for one in element if name_of(one) == "caption"), "")
    out = []
    for sender_id in (element.get("referencedObject") or "").split():
        found = writing.media.get(sender_id)
        if found is not None:
            out.append(medium(found[0], found[1], caption, writing))
    return "".join(out)


def medium(number: int, kind: str, caption: str, writing: Writing) -> str:
    writing.shown_media.add(number)
    path = f"{writing.base}/media/{number}"
    if kind == "picture":
        below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
        said = escape(caption or f"{writing.words['picture']} {number}")
        return f'<figure><img src="{path}" alt="{said}">{below}</figure>'
    if kind == "file":
        return f'<p><a href="{path}">{escape(caption or writing.words["file"])} (PDF)</a></p>'
    return f'<p class="m">{escape(writing.words["not_shown"])}</p>'
