"""Safe copies: what a reader gets, and what no longer is in it (T48)."""

import io
import re

import pikepdf
import pytest
from PIL import Image

from healthspace.documents.adapters.sandbox import ParserFailed
from healthspace.documents.adapters.shown import preview, shown, texts
from healthspace.documents.ports import Limits
from tests.rooms.intake import corpus

EVIL = re.compile(
    rb"evil|JavaScript|/JS\b|/Launch|/GoToR|/GoToE|SubmitForm|ImportData|/XFA|EmbeddedFile|/AA\b|OpenAction|/URI|RichMedia|/Movie|/Sound|/3D|/Screen|FileAttachment|Named|/Metadata"
)


def unfolded(content):
    """A PDF with every stream and object in the open, so that bytes can be searched."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def test_shown__active_pdf_loses_everything_but_its_pages():
    before = corpus.active_pdf()
    found = shown(before, "pdf")

    assert len(set(EVIL.findall(unfolded(before)))) >= 18
    assert EVIL.findall(unfolded(found.body)) == []
    assert (found.form, found.media_type, found.pages) == ("pdf", "application/pdf", 2)
    assert texts(found.body, "pdf") == texts(before, "pdf")


def test_shown__pdf_keeps_its_inner_links():
    with pikepdf.open(io.BytesIO(corpus.pdf(2))) as document:
        name = pikepdf.Name
        action = pikepdf.Dictionary(S=name.GoTo, D=pikepdf.Array([document.pages[1].obj, name.Fit]))
        link = pikepdf.Dictionary(Type=name.Annot, Subtype=name.Link, Rect=pikepdf.Array([0, 0, 9, 9]), A=action)
        document.pages[0].obj.Annots = pikepdf.Array([document.make_indirect(link)])
        out = io.BytesIO()
        document.save(out)

    assert b"/GoTo" in unfolded(shown(out.getvalue(), "pdf").body)


def test_shown__pdf_locked_for_printing_only_is_opened():
    with pikepdf.open(io.BytesIO(shown(corpus.locked_pdf(""), "pdf").body)) as document:
        assert not document.is_encrypted


def test_shown__pdf_locked_for_reading_is_refused():
    with pytest.raises(ParserFailed) as failed:
        shown(corpus.locked_pdf("secret"), "pdf")

    assert failed.value.reason == "DOC-ENCRYPTED"


def image_of(found):
    assert (found.form, found.media_type) == ("image", "image/webp")
    return Image.open(io.BytesIO(found.body))


@pytest.mark.parametrize("kind, form, options", [
    ("jpeg", "JPEG", {"exif": Image.Exif(), "comment": b"secret"}),
    ("png", "PNG", {"pnginfo": None}),
    ("tiff", "TIFF", {"description": "secret"}),
])  # fmt: skip
def test_shown__picture_is_only_pixels(kind, form, options):
    found = shown(corpus.picture(form, **options), kind)
    image = image_of(found)

    assert image.size == (60, 40)
    assert b"secret" not in found.body
    assert not set(image.info) & {"exif", "xmp", "icc_profile", "comment"}


def test_shown__picture_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[274] = 6
    exif[0x010F] = "secret camera"
    found = shown(corpus.picture("JPEG", (60, 40), exif=exif), "jpeg")

    assert image_of(found).size == (40, 60)
    assert b"secret" not in found.body


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_shown__every_kind_of_pixel_is_shown(mode):
    form = "TIFF" if mode in ("CMYK", "YCbCr", "I;16") else "PNG"
    out = io.BytesIO()
    image = Image.new("L", (20, 20), 128)
    (image.convert("RGB").convert(mode) if mode != "I;16" else Image.new("I;16", (20, 20), 32768)).save(out, form)
    found = image_of(shown(out.getvalue(), form.lower())).convert("L")

    assert abs(found.getpixel((10, 10)) - 128) <= {"1": 130, "P": 20}.get(mode, 4)


def test_shown__each_page_of_a_tiff():
    found = [shown(corpus.tiff(3), "tiff", page=number) for number in (1, 2, 3)]

    assert [image_of(one).width for one in found] == [200, 210, 220]
    assert {one.pages for one in found} == {3}
    with pytest.raises(ParserFailed):
        shown(corpus.tiff(3), "tiff", page=4)


def test_shown__large_picture_is_made_smaller():
    assert image_of(shown(corpus.picture("JPEG", (5000, 2500)), "jpeg")).size == (2400, 1200)


def test_shown__flood_is_refused_even_unseen_by_inspection():
    with pytest.raises(ParserFailed) as failed:
        shown(corpus.flood_png(), "png")

    assert failed.value.reason == "DOC-PIXELS"


def test_shown__words_of_rtf_and_text():
    said = shown(
        corpus.rtf(r"\b Ordonnance\b0\par Parac\'e9tamol \u8211? 3 fois\tab par jour {\*\hidden no}{\pict 00ff}"), "rtf"
    )
    plain = shown("Température\n".encode("cp1252"), "text")

    assert said.body.decode() == "Ordonnance\nParacétamol – 3 fois\tpar jour"
    assert (said.form, said.media_type) == ("text", "text/plain; charset=utf-8")
    assert plain.body.decode() == "Température\n"


def test_shown__cda_is_html_or_what_is_inside():
    structured = shown(corpus.cda(corpus.section("Bonjour")), "cda", language="en", base="/d/1")
    wrapped = shown(corpus.level_one(corpus.active_pdf(), "application/pdf"), "cda")

    assert structured.form == "html"
    assert b"Type of document" in structured.body
    assert (wrapped.form, wrapped.pages) == ("pdf", 2)
    assert EVIL.findall(unfolded(wrapped.body)) == []
    assert shown(corpus.level_one(corpus.picture("JPEG"), "image/jpeg"), "cda").form == "image"
    assert shown(corpus.level_one(corpus.rtf(), "text/rtf"), "cda").form == "text"


def test_preview__page_of_a_pdf_and_of_what_holds_one():
    content = corpus.pdf(2)

    assert image_of(preview(content, "pdf")).width == 320
    assert image_of(preview(content, "pdf", page=2, width=1200)).width == 1200
    assert image_of(preview(corpus.level_one(content, "application/pdf"), "cda")).width == 320
    assert image_of(preview(corpus.picture("PNG", (900, 300)), "png")).size == (320, 107)
    assert len(preview(content, "pdf").body) < 15_000


@pytest.mark.parametrize(
    "content, kind", [(b"a", "text"), (corpus.rtf(), "rtf"), (corpus.cda(corpus.section("x")), "cda")]
)
def test_preview__words_have_none(content, kind):
    with pytest.raises(ParserFailed):
        preview(content, kind)


def test_preview__bomb_ends_alone():
    with pytest.raises(ParserFailed):
        preview(corpus.bomb_pdf(2000), "pdf", limits=Limits(seconds=2, memory_mb=512))
    assert preview(corpus.pdf(), "pdf").body


def test_texts__each_page_for_those_who_cannot_see_it():
    assert [page.strip() for page in texts(corpus.pdf(2, "Résultat"), "pdf")] == ["Résultat 1", "Résultat 2"]
    assert texts(corpus.rtf(r"Bonjour"), "rtf") == ("Bonjour",)
    assert texts(corpus.picture(), "png") == ()


@pytest.mark.parametrize("path", corpus.real("binary", "*.pdf"), ids=str)
def test_shown__published_pdf_looks_the_same_scrubbed(path):
    content = path.read_bytes()
    copy = shown(content, "pdf").body

    assert preview(copy, "pdf").body == preview(content, "pdf").body
    assert "".join(texts(copy, "pdf")).split() == "".join(texts(content, "pdf")).split()
