"""Writes a PDF as it goes: shared drawings once, then two small objects a page; the same bytes each time.

PDF 1.7 (ISO 32000-1) with what a letter needs and no more: two embedded faces, form XObjects, pages of A4.
Memory grows by some bytes a page. Chosen by measurement, see docs/adr.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO, Final

from healthspace.enrolment.adapters.print_face import Face, bold, regular

WIDTH, HEIGHT = 595.276, 841.890
_KIDS: Final = 512


class PrintFile:
    """A PDF being written; `sha256` is known after `close`."""

    def __init__(self, stream: BinaryIO, *, title: str, language: str, at: datetime) -> None:
        self._stream, self._title, self._language, self._at = stream, title, language, at
        self._hash = hashlib.sha256()
        self._offsets = array("Q", [0])
        self._position = 0
        self._pages: array[int] = array("L")
        self._forms: dict[str, int] = {}
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._faces = {"R": self._face(regular()), "B": self._face(bold())}
        self._resources = self._reserve()
        self._tree = self._reserve()
        self._nodes: list[int] = []
        self._tagged: dict[int, Sequence[str]] = {}
        self.sha256 = ""

    @property
    def pages(self) -> int:
        """How many pages were written."""
        return len(self._pages)

    @property
    def size(self) -> int:
        """Bytes written."""
        return self._position

    def form(self, name: str, drawing: bytes) -> None:
        """Keep a drawing for many pages; it is drawn by `/name Do`."""
        number = self._reserve()
        head = f"/Type /XObject /Subtype /Form /BBox [0 0 {WIDTH} {HEIGHT}] /Resources {self._resources} 0 R"
        self._forms[name] = number
        self._object(number, _stream(drawing, head))

    def has_form(self, name: str) -> bool:
        """True if the drawing is already kept."""
        return name in self._forms

    def page(self, drawing: bytes, tags: Sequence[str] = ()) -> None:
        """Add a page; `tags`: how its marked parts are read aloud, in order."""
        content, page = self._reserve(), self._reserve()
        if not len(self._pages) % _KIDS:
            self._nodes.append(self._reserve())
        self._pages.append(page)
        self._object(content, _stream(drawing))
        if tags:
            self._tagged[page] = tags
        more = b"/StructParents %d" % (len(self._tagged) - 1) if tags else b""
        self._object(page, b"<</Type/Page/Parent %d 0 R/Contents %d 0 R%b>>" % (self._nodes[-1], content, more))

    def close(self) -> str:
        """Write the end; the SHA-256 of the whole file."""
        self._close_tree()
        resources = "".join(f"/{name} {number} 0 R" for name, number in self._forms.items())
        faces = "".join(f"/{name} {number} 0 R" for name, number in self._faces.items())
        self._object(self._resources, f"<</Font <<{faces}>> /XObject <<{resources}>>>>".encode())
        read = self._reading_order() if self._tagged else ""
        root, about = self._reserve(), self._reserve()
        self._object(root, f"<</Type /Catalog /Pages {self._tree} 0 R /Lang ({self._language}){read}"
                     f" /ViewerPreferences <</DisplayDocTitle true>>>>".encode())  # fmt: skip
        moment = self._at.strftime("D:%Y%m%d%H%M%S+00'00'")
        self._object(about, f"<</Title {_text(self._title)} /CreationDate ({moment}) /ModDate ({moment})>>".encode())
        start, count = self._position, len(self._offsets)
        self._write(f"xref\n0 {count}\n0000000000 65535 f \n".encode())
        for first in range(1, count, 4096):
            self._write(b"".join([b"%010d 00000 n \n" % offset for offset in self._offsets[first : first + 4096]]))
        name = self._hash.hexdigest()[:32]
        self._write(f"trailer <</Size {count} /Root {root} 0 R /Info {about} 0 R /ID [<{name}> <{name}>]>>\n"
                    f"startxref\n{start}\n%%EOF\n".encode())  # fmt: skip
        self.sha256 = self._hash.hexdigest()
        return self.sha256

    def _reading_order(self) -> str:
        """The tree of tagged parts (ISO 32000-1, 14.7): a document, its parts in order, and the way back by page."""
        top, document = self._reserve(), self._reserve()
        every, ways_back = [], []
        for turn, (page, tags) in enumerate(self._tagged.items()):
            parts = [self._reserve() for _ in tags]
            for number, (part, tag) in enumerate(zip(parts, tags, strict=True)):
                self._object(
                    part, f"<</Type /StructElem /S /{tag} /P {document} 0 R /Pg {page} 0 R /K {number}>>".encode()
                )
            listed = " ".join(f"{part} 0 R" for part in parts)
            every.append(listed)
            ways_back.append(f"{turn} [{listed}]")
        self._object(document, f"<</Type /StructElem /S /Document /P {top} 0 R /K [{' '.join(every)}]>>".encode())
        back = f"/ParentTree <</Nums [{' '.join(ways_back)}]>> /ParentTreeNextKey {len(ways_back)}"
        self._object(top, f"<</Type /StructTreeRoot /K [{document} 0 R] {back}>>".encode())
        return f" /StructTreeRoot {top} 0 R /MarkInfo <</Marked true>>"

    def _close_tree(self) -> None:
        sheet = f"/MediaBox [0 0 {WIDTH} {HEIGHT}] /TrimBox [0 0 {WIDTH} {HEIGHT}] /Resources {self._resources} 0 R"
        for turn, node in enumerate(self._nodes):
            kids = self._pages[turn * _KIDS : (turn + 1) * _KIDS]
            listed = " ".join(f"{kid} 0 R" for kid in kids)
            self._object(
                node, f"<</Type /Pages /Parent {self._tree} 0 R /Count {len(kids)} /Kids [{listed}]>>".encode()
            )
        listed = " ".join(f"{node} 0 R" for node in self._nodes)
        self._object(self._tree, f"<</Type /Pages /Count {self.pages} {sheet} /Kids [{listed}]>>".encode())

    def _face(self, face: Face) -> int:
        program, described, inner, names, outer = (self._reserve() for _ in range(5))
        box = " ".join(f"{value:.0f}" for value in face.box)
        wide = " ".join(f"{int(glyph, 16)} [{face.widths[sign]:g}]" for sign, glyph in face.glyphs.items())
        self._object(program, _stream(face.program, f"/Length1 {len(face.program)}"))
        self._object(described, f"<</Type /FontDescriptor /FontName /{face.name} /Flags 4"
                     f" /FontBBox [{box}] /ItalicAngle 0 /Ascent {face.ascent:.0f}"
                     f" /Descent {face.descent:.0f} /CapHeight 668 /StemV 90"
                     f" /FontFile2 {program} 0 R>>".encode())  # fmt: skip
        self._object(inner, f"<</Type /Font /Subtype /CIDFontType2 /BaseFont /{face.name} /CIDToGIDMap /Identity"
                     f" /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>"
                     f" /FontDescriptor {described} 0 R /W [{wide}]>>".encode())  # fmt: skip
        self._object(names, _stream(face.character_map()))
        self._object(outer, f"<</Type /Font /Subtype /Type0 /BaseFont /{face.name} /Encoding /Identity-H"
                     f" /DescendantFonts [{inner} 0 R] /ToUnicode {names} 0 R>>".encode())  # fmt: skip
        return outer

    def _reserve(self) -> int:
        self._offsets.append(0)
        return len(self._offsets) - 1

    def _object(self, number: int, body: bytes) -> None:
        self._offsets[number] = self._position
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _write(self, some: bytes) -> None:
        self._stream.write(some)
        self._hash.update(some)
        self._position += len(some)


def _stream(content: bytes, head: str = "") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (head.encode(), len(content), content)


def _text(words: str) -> str:
    return "<feff" + words.encode("utf-16-be").hex() + ">"
