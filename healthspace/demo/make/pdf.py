"""Letters, certificates and reports as PDF, with the open Vera fonts of reportlab embedded."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import reportlab
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from healthspace.demo.make.parts import Header

BODY, BOLD = "Vera", "VeraBd"
PLAIN = ParagraphStyle("plain", fontName=BODY, fontSize=10, leading=15, spaceAfter=6)
STRONG = ParagraphStyle("strong", parent=PLAIN, fontName=BOLD, fontSize=12, leading=17, spaceBefore=6)
SMALL = ParagraphStyle("small", parent=PLAIN, fontSize=8.5, leading=12, spaceAfter=0)
RIGHT = ParagraphStyle("right", parent=PLAIN, alignment=TA_RIGHT)
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def typeset(text: str) -> str:
    """French typography: a no-break space before : ; ! ? » % and units, curly apostrophes."""
    curly = text.replace("'", "’")
    curly = re.sub(r" ([:;!?»%])", "\N{NO-BREAK SPACE}\\1", curly).replace("« ", "«\N{NO-BREAK SPACE}")
    return re.sub(r"(\d) (mg|mL|mm|cm|kg|g|µg|ans|mois|jours|semaines)\b", "\\1\N{NO-BREAK SPACE}\\2", curly)


def letter(header: Header, paragraphs: tuple[str, ...], *, addressee: str = "", greeting: str = "") -> bytes:
    """An A4 letter of the author about the person; a paragraph that begins with # is a heading."""
    _register()
    story: list[Flowable] = [*_top(header, addressee), Paragraph(typeset(header.title), STRONG), *_about(header)]
    if greeting:
        story.append(Paragraph(typeset(greeting), PLAIN))
    for text in paragraphs:
        is_heading = text.startswith("# ")
        story.append(Paragraph(typeset(text.removeprefix("# ")), STRONG if is_heading else PLAIN))
    story += [Spacer(1, 10 * mm), Paragraph(typeset(header.author.shown_name), RIGHT)]
    sheet = io.BytesIO()
    template = SimpleDocTemplate(
        sheet, pagesize=A4, leftMargin=22 * mm, rightMargin=22 * mm, topMargin=18 * mm, bottomMargin=20 * mm,
        title=header.title, author=header.author.shown_name, lang="fr-FR", invariant=1, initialFontName=BODY,
    )  # fmt: skip
    foot = _foot(header)
    template.build(story, onFirstPage=foot, onLaterPages=foot)
    return sheet.getvalue()


def _register() -> None:
    if BODY in pdfmetrics.getRegisteredFontNames():
        return
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (BODY, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))


def _top(header: Header, addressee: str) -> list[Flowable]:
    author, place, made = header.author, header.author.place, header.made_at
    lines = [author.shown_name, author.label, place.name, place.street, f"{place.postcode} {place.city}"]
    lines.append(f"Téléphone : {place.phone}")
    if author.rpps:
        lines.append(f"RPPS : {author.rpps}")
    day = "1<super>er</super>" if made.day == 1 else str(made.day)
    top: list[Flowable] = [Paragraph(typeset(line), SMALL) for line in lines]
    top += [Spacer(1, 6 * mm)]
    top += [Paragraph(f"{place.city}, le {day} {MONTHS[made.month - 1]} {made.year}", RIGHT)]
    if addressee:
        top.append(Paragraph(typeset(addressee), RIGHT))
    return top


def _about(header: Header) -> list[Flowable]:
    subject = header.subject
    born = "né" if subject.sex == "M" else "née"
    name = f"{subject.first_names[0]} {subject.birth_name}"
    used = "" if subject.used_name == subject.birth_name else f", nom utilisé : {subject.used_name}"
    text = f"{name}{used}, {born} le {subject.born_on:%d/%m/%Y} à {subject.birth_place}. INS : {subject.ins}"
    return [Paragraph(typeset(text), SMALL), Spacer(1, 5 * mm)]


def _foot(header: Header) -> Callable[[Canvas, SimpleDocTemplate], None]:
    def draw(canvas: Canvas, template: SimpleDocTemplate) -> None:
        canvas.setFont(BODY, 7.5)
        text = f"{header.author.place.name} — page {canvas.getPageNumber()}"
        canvas.drawCentredString(A4[0] / 2, 11 * mm, text)

    return draw
