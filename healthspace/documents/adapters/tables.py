"""Tables of a narrative, made readable: headers that say what they head, wide ones as one list a line.

Senders draw tables for layout too (one column, one cell): those become paragraphs. A table of more than six
columns cannot be read on a phone: each of its lines becomes a list of "header: value".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from healthspace.documents.adapters.cda_xml import HL7, text_of
from healthspace.documents.adapters.markup import Writing, escape

WIDE = 7
SPAN_MAX = 100
EMPTY = frozenset(["", "-", "–"])

Render = Callable[[etree._Element, Writing], str]


@dataclass(slots=True)
class Cell:
    element: etree._Element
    is_header: bool
    across: int
    down: int
    html: str


@dataclass(slots=True)
class Table:
    caption: str
    head: list[list[Cell]]
    body: list[list[Cell]]

    @property
    def columns(self) -> int:
        return max((sum(cell.across for cell in row) for row in self.head + self.body), default=0)


def table(element: etree._Element, writing: Writing, title: str, render: Render) -> str:
    """The whole table in the form that suits it; `title` is the line before it that names it."""
    read = _read(element, writing, render)
    read.caption = read.caption or escape(title)
    _lift_caption(read)
    if read.caption.casefold() == escape(writing.heading).casefold():
        read.caption = ""
    read.body = [row for row in read.body if any(cell.html for cell in row)]
    if not read.body:
        return f"<p><strong>{read.caption}</strong></p>" if read.caption else ""
    if _is_layout(read):
        return _titled(read.caption, "".join(_paragraph(cell.html) for row in read.body for cell in row))
    if _is_wide(read):
        return _titled(read.caption, _records(read, writing))
    if not read.head and read.columns == 2 and not any(cell.is_header for row in read.body for cell in row):
        for row in read.body:
            row[0].is_header = len(row) == 2
    return _grid(read, writing)


def _read(element: etree._Element, writing: Writing, render: Render) -> Table:
    caption = element.find(f"{{{HL7}}}caption")
    head = [_row(row, writing, render) for row in _rows(element, ("thead",))]
    body = [_row(row, writing, render) for row in _rows(element, ("", "tbody", "tfoot"))]
    if not head and len(body) > 1 and all(cell.is_header for cell in body[0]) and len(body[0]) > 1:
        head = [body.pop(0)]
    return Table(escape(text_of(caption)), [row for row in head if row], [row for row in body if row])


def _rows(element: etree._Element, groups: tuple[str, ...]) -> Iterator[etree._Element]:
    for child in element:
        name = _name(child)
        if name == "tr" and "" in groups:
            yield child
        elif name in groups and name:
            yield from (row for row in child if _name(row) == "tr")


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _row(row: etree._Element, writing: Writing, render: Render) -> list[Cell]:
    return [
        Cell(cell, _name(cell) == "th", _span(cell, "colspan"), _span(cell, "rowspan"), render(cell, writing))
        for cell in row
        if _name(cell) in ("td", "th")
    ]


def _span(cell: etree._Element, name: str) -> int:
    text = cell.get(name) or "1"
    return min(max(int(text), 1), SPAN_MAX) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _lift_caption(read: Table) -> None:
    """One header cell over everything is a title, not a column header."""
    if not read.head or len(read.head[0]) != 1:
        return
    lifted = read.head.pop(0)[0].html
    read.caption = f"{read.caption} – {lifted}" if read.caption and lifted else read.caption or lifted


def _is_layout(read: Table) -> bool:
    return not read.head and all(len(row) == 1 for row in read.body)


def _is_wide(read: Table) -> bool:
    """Many columns, one plain header line; the other lines are full, or one cell or two over the whole width."""
    if read.columns < WIDE or len(read.head) != 1 or not _is_full(read.head[0], read.columns):
        return False
    rest = [row for row in read.body if not _is_full(row, read.columns)]
    return _is_full(read.body[0], read.columns) and all(
        len(row) <= 2 and all(cell.down == 1 for cell in row) for row in rest
    )


def _is_full(row: list[Cell], columns: int) -> bool:
    return len(row) == columns and all(cell.across == cell.down == 1 for cell in row)


def _paragraph(content: str) -> str:
    if not content or content.startswith(("<p", "<div", "<ul", "<ol", "<dl", "<figure")):
        return content
    return f"<p>{content}</p>"


def _titled(caption: str, content: str) -> str:
    return (f"<p><strong>{caption}</strong></p>" if caption else "") + content


def _records(read: Table, writing: Writing) -> str:
    """One list a full line; the spanning lines under it (instructions, remarks) belong to it."""
    names = [cell.html for cell in read.head[0]]
    records: list[list[tuple[str, str]]] = []
    for row in read.body:
        if len(row) == len(names):
            records.append([(name, cell.html) for name, cell in zip(names, row, strict=True)])
        elif len(row) == 2:
            records[-1].append((row[0].html, row[1].html))
        else:
            records[-1].append((escape(writing.words["detail"]), row[0].html))
    lines = []
    for record in records:
        pairs = [f"<div><dt>{name}</dt><dd>{said}</dd></div>" for name, said in record if name and said not in EMPTY]
        lines.append(f'<li class="py"><dl class="kv">{"".join(pairs)}</dl></li>')
    return f'<ul class="rows">{"".join(lines)}</ul>'


def _grid(read: Table, writing: Writing) -> str:
    writing.count += 1
    columns = max((sum(cell.across for cell in row) for row in read.body), default=1)
    head = "".join(_line(row, is_head=True, columns=columns) for row in read.head)
    body = "".join(_line(row, is_head=False, columns=columns) for row in read.body)
    caption = f"<caption>{read.caption}</caption>" if read.caption else ""
    label = escape(f"{writing.words['table']} {writing.count}, {writing.heading}".rstrip(", "))
    inner = f"<table>{caption}{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>"
    return f'<div class="scroll" role="group" tabindex="0" aria-label="{label}">{inner}</div>'


def _line(row: list[Cell], *, is_head: bool, columns: int) -> str:
    out = []
    left = columns
    for cell in row:
        across = min(cell.across, max(left, 1)) if is_head else cell.across
        left -= across
        spans = (f' colspan="{across}"' if across > 1 else "") + (f' rowspan="{cell.down}"' if cell.down > 1 else "")
        if (is_head or cell.is_header) and cell.html:
            scope = ("colgroup" if across > 1 else "col") if is_head else ("rowgroup" if cell.down > 1 else "row")
            out.append(f'<th scope="{scope}"{spans}>{cell.html}</th>')
        else:
            out.append(f"<td{spans}>{cell.html}</td>")
    return f"<tr>{''.join(out)}</tr>"
