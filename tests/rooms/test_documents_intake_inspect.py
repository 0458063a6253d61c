"""What is taken and what is turned away at the door of the documents room (T45, T49, T50)."""

import io
import zlib

import pikepdf
import pytest
from PIL import Image

from healthspace.common.errors import Invalid, TooLarge
from healthspace.documents.adapters.inspect import SENTENCES, inspect, trimmed
from healthspace.documents.ports import Limits
from tests.rooms.intake import corpus

LIMITS = Limits()


def rule_of(content, declared, limits=LIMITS):
    with pytest.raises(Invalid) as refused:
        inspect(content, declared, limits=limits)
    assert refused.value.field == "content"
    assert refused.value.message == SENTENCES[refused.value.rule][0]
    assert refused.value.way_out
    return refused.value.rule


@pytest.mark.parametrize("content, declared, kind, pages", [
    (corpus.pdf(3), "application/pdf", "pdf", 3),
    (corpus.pdf() + b"\r\n  \n", "application/pdf", "pdf", 1),
    (corpus.locked_pdf(""), "application/pdf", "pdf", 1),
    (corpus.picture("JPEG"), "image/jpeg", "jpeg", 1),
    (corpus.picture("JPEG", progressive=True, exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"), "image/jpg", "jpeg", 1),
    (corpus.picture("PNG"), "image/png", "png", 1),
    (corpus.tiff(4), "image/tiff", "tiff", 4),
    ("Température : 38,5 °C\n".encode(), "text/plain; charset=utf-8", "text", None),
    ("Température : 38,5 °C\r\n".encode("cp1252"), "TEXT/PLAIN", "text", None),
    (corpus.rtf(), "application/rtf", "rtf", None),
    (corpus.rtf() + b"\r\n\0", "text/rtf", "rtf", None),
    (corpus.cda(corpus.section("Bonjour")), "text/xml", "cda", None),
    (corpus.level_one(corpus.pdf(2), "application/pdf"), "application/xml", "cda", 2),
    (corpus.level_one(corpus.picture("JPEG"), "image/jpeg"), "text/xml", "cda", 1),
    (corpus.level_one(corpus.rtf(), "text/rtf"), "text/xml", "cda", None),
    (corpus.level_one(b"Bonjour", "text/plain"), "text/xml", "cda", None),
])  # fmt: skip
def test_inspect__honest_file_is_taken(content, declared, kind, pages):
    found = inspect(content, declared, limits=LIMITS)

    assert (found.kind, found.pages, found.problems) == (kind, pages, ())


HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize("content, declared, rule", [
    (b"", "application/pdf", "DOC-EMPTY"),
    (corpus.pdf(), "image/png", "DOC-TYPE-MISMATCH"),
    (corpus.picture("PNG"), "image/jpeg", "DOC-TYPE-MISMATCH"),
    (corpus.pdf(), "application/zip", "DOC-TYPE-UNKNOWN"),
    (corpus.pdf(), "", "DOC-TYPE-UNKNOWN"),
    (HTML, "text/html", "DOC-TYPE-UNKNOWN"),
    (HTML, "text/plain", "DOC-TYPE-UNKNOWN"),
    (HTML, "text/xml", "DOC-TYPE-UNKNOWN"),
    (b"\n\n  <script>alert(1)</script>", "text/plain", "DOC-TYPE-UNKNOWN"),
    (SVG, "image/svg+xml", "DOC-TYPE-UNKNOWN"),
    (SVG, "image/png", "DOC-TYPE-UNKNOWN"),
    (corpus.zipped("word/document.xml"), "application/pdf", "DOC-TYPE-UNKNOWN"),
    (corpus.zipped("word/vbaProject.bin"), "text/plain", "DOC-TYPE-UNKNOWN"),
    (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), "application/rtf", "DOC-TYPE-UNKNOWN"),
    (b"MZ" + bytes(200), "application/pdf", "DOC-TYPE-UNKNOWN"),
    (b"GIF89a=1;alert(1)//\x00", "image/png", "DOC-TYPE-UNKNOWN"),
    (b"GIF89a" + bytes(60), "image/gif", "DOC-TYPE-UNKNOWN"),
    (b"\0\0\0\x18ftypheic" + bytes(60), "image/jpeg", "DOC-TYPE-UNKNOWN"),
    (b"a\0b", "text/plain", "DOC-TYPE-MISMATCH"),
    (b"bell \x07", "text/plain", "DOC-TYPE-MISMATCH"),
])  # fmt: skip
def test_inspect__wrong_type_is_refused(content, declared, rule):
    assert rule_of(content, declared) in (rule, "DOC-TYPE-MISMATCH")


@pytest.mark.parametrize("content, declared", [
    (b"junk\n" + corpus.pdf(), "application/pdf"),
    (b"\n" + corpus.pdf(), "application/pdf"),
    (corpus.pdf() + HTML, "application/pdf"),
    (corpus.pdf() + corpus.zipped(), "application/pdf"),
    (corpus.zipped() + corpus.pdf(), "application/pdf"),
    (corpus.pdf_around_zip(), "application/pdf"),
    (corpus.pdf() + corpus.picture("PNG"), "application/pdf"),
    (corpus.picture("PNG") + HTML, "image/png"),
    (corpus.picture("PNG") + b"\0", "image/png"),
    (corpus.picture("PNG") + corpus.zipped(), "image/png"),
    (corpus.picture("PNG") + corpus.pdf(), "image/png"),
    (corpus.picture("JPEG") + HTML, "image/jpeg"),
    (corpus.picture("JPEG") + corpus.zipped(), "image/jpeg"),
    (corpus.picture("JPEG") + corpus.picture("PNG"), "image/jpeg"),
    (corpus.picture("JPEG", comment=b"%PDF-1.4 hidden"), "image/jpeg"),
    (corpus.picture("JPEG", comment=b"<script>alert(1)</script>"), "image/jpeg"),
    (corpus.tiff() + corpus.zipped(), "image/tiff"),
    (corpus.rtf() + b"<html>", "application/rtf"),
    (corpus.rtf() + corpus.zipped(), "application/rtf"),
    (corpus.cda(corpus.section("x")) + corpus.zipped(), "text/xml"),
])  # fmt: skip
def test_inspect__file_hiding_another_is_refused(content, declared):
    assert rule_of(content, declared) in (
        "DOC-POLYGLOT",
        "DOC-TYPE-MISMATCH",
        "DOC-TRUNCATED",
        "DOC-XML-ENCODING",
        "DOC-TYPE-UNKNOWN",
    )


PAIRS = {
    "application/pdf": corpus.pdf(),
    "image/jpeg": corpus.picture("JPEG"),
    "image/png": corpus.picture("PNG"),
    "image/tiff": corpus.tiff(),
    "application/rtf": corpus.rtf(),
    "text/xml": corpus.cda(corpus.section("x")),
}


@pytest.mark.parametrize("first", PAIRS)
@pytest.mark.parametrize("second", PAIRS)
def test_inspect__two_files_in_one_are_refused_under_either_name(first, second):
    """All pairs of types, glued. TIFF may have bytes after it, a PDF its own next version."""
    for declared in (first, second):
        if first == declared and (first == "image/tiff" or first == second == "application/pdf"):
            continue
        rule_of(PAIRS[first] + PAIRS[second], declared)


@pytest.mark.parametrize("declared", PAIRS)
@pytest.mark.parametrize("part", [0.3, 0.7, 0.95])
def test_inspect__cut_file_is_refused(declared, part):
    content = PAIRS[declared]

    assert rule_of(content[: int(len(content) * part)], declared) in (
        "DOC-TRUNCATED", "DOC-STRUCTURE", "DOC-XML", "DOC-TYPE-MISMATCH",
    )  # fmt: skip


def test_trimmed__phone_picture_loses_what_follows_it():
    two = io.BytesIO()
    Image.new("RGB", (60, 40)).save(two, "MPO", save_all=True, append_images=[Image.new("RGB", (30, 20))])
    for content in (two.getvalue(), corpus.picture("JPEG") + b"SEFH" + bytes(40) + b"SEFT"):
        assert rule_of(content, "image/jpeg") == "DOC-POLYGLOT"
        assert inspect(trimmed(content), "image/jpeg", limits=LIMITS).kind == "jpeg"


@pytest.mark.parametrize("content", [corpus.picture("JPEG"), corpus.picture("JPEG")[:-9], corpus.pdf() + b"x", b""])
def test_trimmed__other_files_are_left_alone(content):
    assert trimmed(content) == content


def test_inspect__locked_pdf_is_refused():
    assert rule_of(corpus.locked_pdf("secret"), "application/pdf") == "DOC-ENCRYPTED"


def test_inspect__pixel_flood_is_refused_before_it_unfolds():
    content = corpus.flood_png()

    assert len(content) < 200_000
    assert rule_of(content, "image/png") == "DOC-PIXELS"


def test_inspect__many_pixels_over_pages_are_refused():
    out = io.BytesIO()
    small, large = Image.new("1", (10, 10)), Image.new("1", (9000, 9000))
    small.save(out, "TIFF", save_all=True, append_images=[large], compression="group4")

    assert rule_of(out.getvalue(), "image/tiff") == "DOC-PIXELS"


@pytest.mark.parametrize("content", [corpus.bomb_pdf(), corpus.bomb_of_bombs_pdf()])
def test_inspect__deflate_bomb_is_refused(content):
    assert len(content) < 600_000
    assert rule_of(content, "application/pdf") == "DOC-BOMB"


def test_inspect__too_many_pages_are_refused():
    assert rule_of(corpus.pdf(4), "application/pdf", Limits(max_pages=3)) == "DOC-PAGES"


def test_inspect__too_many_bytes_are_refused():
    with pytest.raises(TooLarge) as refused:
        inspect(corpus.pdf(), "application/pdf", limits=Limits(max_bytes=100))

    assert refused.value.limit_bytes == 100


@pytest.mark.parametrize(
    "name, content", corpus.malicious_xml().items(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_inspect__harmful_xml_is_refused_unread(name, content):
    rule = rule_of(content, "text/xml")

    assert rule in ("DOC-DOCTYPE", "DOC-XML", "DOC-XML-ENCODING", "DOC-STRUCTURE", "DOC-TYPE-UNKNOWN")
    if b"<!D" in content:
        assert rule == "DOC-DOCTYPE"


@pytest.mark.parametrize("content, rule", [
    (b'<?xml version="1.0"?><a/>', "DOC-NOT-CDA"),
    (b'<ClinicalDocument xmlns="urn:other"/>', "DOC-NOT-CDA"),
    (b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>', "DOC-CDA-BODY"),
    (corpus.cda().replace(b'<id root="1.2.250.1.999.1" extension="77"/>', b""), "DOC-CDA-HEADER"),
    (corpus.level_one(b"MZ evil", "application/x-msdownload"), "DOC-EMBEDDED-TYPE"),
    (corpus.level_one(corpus.picture("PNG"), "application/pdf"), "DOC-TYPE-MISMATCH"),
    (corpus.level_one(corpus.pdf() + corpus.zipped(), "application/pdf"), "DOC-POLYGLOT"),
    (corpus.level_one(HTML, "text/plain"), "DOC-TYPE-MISMATCH"),
    (corpus.level_one(corpus.locked_pdf("secret"), "application/pdf"), "DOC-ENCRYPTED"),
    (corpus.level_one(corpus.cda(), "text/xml"), "DOC-EMBEDDED-TYPE"),
    (corpus.cda(body='<nonXMLBody><text mediaType="application/pdf" representation="B64">@@</text></nonXMLBody>'),
     "DOC-EMBEDDED-BASE64"),
])  # fmt: skip
def test_inspect__cda_that_is_none_is_refused(content, rule):
    assert rule_of(content, "text/xml") == rule


def test_inspect__level_one_with_a_large_pdf_is_taken():
    content = corpus.level_one(corpus.pdf(size=9 << 20), "application/pdf")

    assert len(content) > 11 << 20
    assert inspect(content, "text/xml", limits=LIMITS).pages == 1


def test_inspect__cda_written_by_windows_is_read():
    content = corpus.cda(corpus.section("38 °C – repos")).decode().replace("UTF-8", "windows-1252").encode("cp1252")

    assert inspect(content, "text/xml", limits=LIMITS).cda.authors[0].organization_name == "Hôpital de Rivemont"


def test_inspect__broken_attachment_of_a_structured_document_is_noted_not_refused():
    entry = corpus.medium("doc", b"MZ evil", "application/pdf")
    content = corpus.cda(corpus.section("voir", inner=entry))

    assert inspect(content, "text/xml", limits=LIMITS).problems == ("DOC-EMBEDDED-NOT-SHOWN DOC-EMBEDDED-TYPE",)


@pytest.mark.parametrize("body, rule", [
    (r"{\object\objemb{\*\objdata 0105}}", "DOC-ACTIVE"),
    (r"{\*\template http://evil.example/a.dot}", "DOC-ACTIVE"),
    ("{" * 500 + "}" * 500, "DOC-STRUCTURE"),
    ("{ never closed", "DOC-TRUNCATED"),
])  # fmt: skip
def test_inspect__rtf_with_objects_or_loose_braces_is_refused(body, rule):
    assert rule_of(corpus.rtf(body), "application/rtf") == rule


def test_inspect__repaired_pdf_is_taken_and_noted():
    content = corpus.pdf().replace(b"startxref", b"startxref\n1", 1)

    assert inspect(content, "application/pdf", limits=LIMITS).problems == ("DOC-REPAIRED",)


def test_inspect__pdf_of_objects_in_streams_is_taken():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(corpus.pdf(2))) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)

    assert inspect(out.getvalue(), "application/pdf", limits=LIMITS).pages == 2


def test_inspect__file_too_hard_to_read_is_refused_in_time():
    content = b"{\\rtf1 " + b"{\\b x}" * 2_000_000 + b"}"

    assert rule_of(content, "application/rtf", Limits(seconds=0.5)) == "DOC-TOO-HARD"


@pytest.mark.parametrize("path", corpus.real("cda-fr", "*.xml"), ids=lambda path: path.stem if path else "absent")
def test_inspect__published_cda_is_taken(path):
    found = inspect(path.read_bytes(), "text/xml", limits=LIMITS)

    assert found.kind == "cda"
    assert found.problems == ()
    header = found.cda
    assert header.patient.identifiers[0].root.startswith("1.2.250.1.213.1.4.")
    assert header.patient.birth_name in ("PAT-TROIS", "NESSI", "DECOURCY")
    assert header.patient.first_names
    assert header.patient.born_on
    assert header.patient.sex == "F"
    assert header.authors
    assert header.made_at
    assert header.language == "fr-FR"
    assert header.level == (1 if "N1" in path.stem or "Niveau-1" in path.stem else 3)


@pytest.mark.parametrize("path", corpus.real("binary", "*.pdf") + corpus.real("binary", "*.png"), ids=str)
def test_inspect__published_pdf_and_png_are_taken(path):
    declared = "application/pdf" if path.suffix == ".pdf" else "image/png"

    assert inspect(path.read_bytes(), declared, limits=LIMITS).pages >= 1


def test_zlib_is_what_the_bombs_are_made_with():
    """The bombs above are bombs: the reader of another library unfolds them."""
    raw = corpus.bomb_pdf(2).split(b"stream\n")[1].split(b"\nendstream")[0]
    assert len(zlib.decompress(raw)) == 2 << 20
