"""What leaves the press: read back from the finished pages, never from what we meant to draw."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from healthspace.enrolment.adapters import letter, letter_braille, proof
from healthspace.enrolment.adapters.letter import Addressee, Letter, Manifest, Sender
from healthspace.enrolment.adapters.letter_order import Edition
from healthspace.enrolment.rules import codes, references, texts, window

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)
MM = 72 / 25.4
HEIGHT = 841.89
SECRET = bytes(range(32))
SENDER = Sender(
    product="Mon espace", name="Caisse nationale", url="https://sante.example.fr",
    free_post=("Réponse santé", "Libre réponse 12345", "Service des refus", "75999 PARIS CEDEX"),
    lines=("12 rue des Exemples", "75001 Paris"), phone="0 800 123 456",
    hours="du lundi au vendredi, 8 h 30 à 17 h 30|Monday to Friday, 8:30 to 17:30", privacy="sante.example.fr/donnees",
)  # fmt: skip
SILENT = Sender("Espace", "Caisse", "http://localhost:8400", ())
LINES = ("Madame Amina BELKACEM", "Appartement 12, escalier B", "Résidence des Tilleuls",
         "128 bis avenue du Général-de-Gaulle", "BP 12", "31000 TOULOUSE")  # fmt: skip
NAMES = ("Amina Belkacem", "Léo Martin", "Inès Martin", "Maximilien de la Rochefoucauld-Montmorency", "Łukasz Nováček")
KINDS = {"adult": (0,), "family": (0, 1, 2, 3, 4), "child": (1, 2)}
ALL = [(form, language, kind) for form in ("standard", "easy", "large") for language in ("fr", "en") for kind in KINDS]


def person(place: int, who: int) -> Addressee:
    reference = references.of(4217, place)
    code = codes.derive(SECRET, uuid.UUID(int=place))
    return Addressee(NAMES[who], code, references.slip(reference, f"{place * 7919:016x}"), is_child=who > 0)


def one(form: str = "standard", language: str = "fr", kind: str = "adult", number: int = 0) -> Letter:
    people = tuple(person(number * 10 + who, who) for who in KINDS[kind])
    return Letter(references.of(4217, number * 10), LINES, people, language, form)


def write(folder: Path, letters: list[Letter], **more: object) -> tuple[Manifest, pypdfium2.PdfDocument]:
    manifest = letter.write_batch(folder / "batch.pdf", letters, at=AT, sender=SENDER, **more)  # type: ignore[arg-type]
    return manifest, pypdfium2.PdfDocument(manifest.path)


def rows(page: pypdfium2.PdfPage) -> Iterator[tuple[float, float, float, float, str]]:
    """Every line of words: left, top, right, bottom in millimetres from the top left corner."""
    words = page.get_textpage()
    for turn in range(words.count_rects()):
        left, bottom, right, top = words.get_rect(turn)
        text = words.get_text_bounded(left, bottom, right, top)
        yield left / MM, (HEIGHT - top) / MM, right / MM, (HEIGHT - bottom) / MM, text


def read(document: pypdfium2.PdfDocument) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def squares(document: pypdfium2.PdfDocument, scale: float = 2.5) -> list[str]:
    """What a decoder that shares nothing with the encoder reads on all pages."""
    found = []
    for page in document:
        found += [code.text for code in zxingcpp.read_barcodes(page.render(scale=scale, grayscale=True).to_pil())]
    return sorted(found)


@pytest.mark.parametrize(("form", "language", "kind"), ALL)
def test_letter__every_square_is_read_from_the_page(tmp_path: Path, form: str, language: str, kind: str) -> None:
    made = one(form, language, kind)
    _, document = write(tmp_path, [made])
    expected = [f"https://sante.example.fr/start#{who.code}" for who in made.people] + [who.slip for who in made.people]
    assert squares(document) == sorted(expected)


@pytest.mark.parametrize(("form", "language", "kind"), ALL)
def test_letter__nothing_overlaps_and_nothing_leaves_the_sheet(
    tmp_path: Path, form: str, language: str, kind: str
) -> None:
    _, document = write(tmp_path, [one(form, language, kind)])
    for page in document:
        found = list(rows(page))
        assert all(5 <= left < right <= 200 and 5 <= top < bottom <= 296 for left, top, right, bottom, _ in found)
        for first, second in combinations(found, 2):
            wide = min(first[2], second[2]) - max(first[0], second[0])
            high = min(first[3], second[3]) - max(first[1], second[1])
            assert wide < 0.3 or high < 0.8, (first, second)


@pytest.mark.parametrize(("form", "language", "kind"), ALL)
def test_letter__no_word_crosses_a_line_to_cut(tmp_path: Path, form: str, language: str, kind: str) -> None:
    _, document = write(tmp_path, [one(form, language, kind)])
    for page in document:
        cuts = [
            (HEIGHT - item.get_bounds()[1]) / MM
            for item in page.get_objects(max_depth=3)
            if item.get_bounds()[2] - item.get_bounds()[0] > 200 * MM
            and item.get_bounds()[3] - item.get_bounds()[1] < 2 * MM
        ]
        for _, top, _, bottom, text in rows(page):
            assert not any(top < cut - 0.4 and bottom > cut + 0.4 for cut in cuts), text


@pytest.mark.parametrize("name", ["right", "left"])
@pytest.mark.parametrize("form", ["standard", "easy", "large"])
def test_letter__address_and_nothing_else_shows_in_the_window(tmp_path: Path, name: str, form: str) -> None:
    _, document = write(tmp_path, [one(form)], window_name=name)
    window_of = Edition(SENDER, AT.date(), AT, name).window
    left, top, right, bottom = window_of.seen
    inside = [row for row in rows(document[0]) if row[2] > left and row[0] < right and row[3] > top and row[1] < bottom]
    assert [text.strip() for *_, text in sorted(inside, key=lambda row: row[1])] == list(LINES)
    for x, y, x_end, y_end, _ in inside:
        assert window_of.x <= x and x_end <= window_of.x + window_of.width
        assert window_of.y <= y and y_end <= window_of.y + window_of.height


@pytest.mark.parametrize(("form", "language", "kind"), ALL)
def test_letter__says_the_default_its_date_and_every_way_to_refuse(
    tmp_path: Path, form: str, language: str, kind: str
) -> None:
    made = one(form, language, kind)
    _, document = write(tmp_path, [made])
    text = read(document).replace("\r\n", " ").replace("\n", " ").replace("\u00a0", " ")
    ends = window.deadline(AT.astimezone(window.PARIS).date())
    for word in (
        texts.day(window.opening_day(ends), language), texts.day(window.last_day(ends), language),
        "sante.example.fr/start", "0 800 123 456", "Libre réponse 12345", made.reference,
        *(codes.shown(who.code) for who in made.people), *(who.reference for who in made.people),
        *(who.name for who in made.people),
    ):  # fmt: skip
        assert word in text, word
    assert "{" not in text and "*" not in text
    other = "en" if language == "fr" else "fr"
    assert texts.day(window.last_day(ends), other) in text


def test_letter__refusing_stands_first_and_as_large_as_accepting(tmp_path: Path) -> None:
    _, document = write(tmp_path, [one()])
    found = {text.strip(): row for *row, text in rows(document[0])}
    no, yes = found["Je dis non"], found["Je dis oui"]
    assert no[0] < yes[0] and no[1] == pytest.approx(yes[1], abs=0.2) and no[3] == pytest.approx(yes[3], abs=0.2)


def test_batch__written_twice_is_the_same_to_the_byte(tmp_path: Path) -> None:
    letters = [one(form, language, kind, number) for number, (form, language, kind) in enumerate(ALL)]
    letters.append(one("braille", number=99))
    sums = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        manifest, _ = write(tmp_path / name, letters)
        sums.append(
            {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in manifest.path.parent.iterdir()}
        )
    assert sums[0] == sums[1] and len(sums[0]) == 4


def test_batch__manifest_tells_the_printer_what_there_is(tmp_path: Path) -> None:
    letters = [one(number=0), one("large", number=1), one(kind="family", number=2), one("braille", "en", number=3)]
    manifest, document = write(tmp_path, letters)
    told = json.loads((tmp_path / "batch.json").read_text(encoding="utf-8"))
    assert (told["letters"], told["pages"], told["persons"]) == (4, len(document), 8)
    assert told["letters_by_sheets"] == {"1": 1, "3": 3} and told["sheets"] == manifest.sheets == 10
    assert told["answer_until"] == "2027-03-14" and told["texts"]["fr"]["sha256"] == texts.digest(language="fr")
    for file in told["files"]:
        content = (tmp_path / file["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
    listed = list(csv.DictReader(io.StringIO((tmp_path / "batch.csv").read_text())))
    assert [row["reference"] for row in listed] == [made.reference for made in letters]
    for row, made in zip(listed, letters, strict=True):
        first, pages = int(row["first_page"]), int(row["pages"])
        own = "\n".join(document[at].get_textpage().get_text_bounded() for at in range(first - 1, first - 1 + pages))
        assert all(codes.shown(who.code) in own for who in made.people)


def test_batch__sheet_marks_count_the_letters_and_end_each(tmp_path: Path) -> None:
    _, document = write(tmp_path, [one(kind="family", number=number) for number in range(9)])
    fronts = [_bars(page) for page in document if _bars(page)]
    assert len(fronts) == 27
    for turn, (start, is_last, four, two, odd, parity, stop) in enumerate(fronts):
        assert start and stop and (is_last + four + two + odd + parity) % 2 == 0
        assert is_last == (turn % 3 == 2) and four * 4 + two * 2 + odd == turn // 3 % 8


def _bars(page: pypdfium2.PdfPage) -> list[bool]:
    dark = [
        round(((HEIGHT - item.get_bounds()[1]) / MM - 112) / (25.4 / 6))
        for item in page.get_objects(max_depth=1)
        if abs(item.get_bounds()[0] / MM - 6) < 1 and item.get_bounds()[2] / MM < 15
    ]
    return [place in dark for place in range(7)] if dark else []


def test_batch__killed_before_the_end_leaves_no_file_of_that_name(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from healthspace.common import fault;"
        "from tests.rooms import test_enrolment_letters as t;"
        f"fault.arm('letters.before_rename'); t.write(Path({str(tmp_path)!r}), [t.one()])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == -9
    assert not (tmp_path / "batch.pdf").exists() and not (tmp_path / "batch.json").exists()
    again, _ = write(tmp_path, [one()])
    assert again.letters == 1 and not list(tmp_path.glob("*.part"))


def test_batch__rare_signs_are_printed_near_and_told(tmp_path: Path) -> None:
    strange = Letter(references.of(1, 1), ("Monsieur Ḥasan ’ABD", "31000 TOULOUSE"), (
        Addressee("Ḥasan 王", codes.derive(SECRET, uuid.UUID(int=1)), references.slip(references.of(1, 1), "0" * 16)),
    ))  # fmt: skip
    manifest, document = write(tmp_path, [strange, one()])
    assert manifest.changed_signs == (strange.reference,)
    assert "Hasan ?" in read(document) and "Monsieur Hasan" in read(document)


def test_batch__many_pages_make_a_whole_file(tmp_path: Path) -> None:
    manifest, document = write(tmp_path, [one(number=number) for number in range(700)])
    assert len(document) == manifest.pages == 1400
    with pikepdf.open(manifest.path) as again:
        assert len(again.pages) == 1400 and not again.get_warnings()


def test_braille__40_columns_with_the_code_sign_by_sign(tmp_path: Path) -> None:
    made = one("braille")
    write(tmp_path, [made])
    text = (tmp_path / "batch.txt").read_text(encoding="utf-8")
    assert all(len(line) <= 40 for line in text.replace("\f", "\n").split("\n"))
    assert all(page.count("\n") <= 25 for page in text.split("\f"))
    flat = " ".join(text.split())
    assert codes.spelled(made.people[0].code) in flat and "dimanche 14 mars 2027" in flat and "0 800 123 456" in flat
    assert (
        "*" not in text
        and "{" not in text
        and text == letter_braille.page_text(made, Edition(SENDER, AT.date(), window.deadline(AT.date())))
    )


def test_letter__without_a_phone_names_no_phone(tmp_path: Path) -> None:
    for form in ("standard", "easy", "large", "braille"):
        letter.write_batch(tmp_path / "batch.pdf", [one(form)], at=AT, sender=SILENT)
        text = " ".join(read(pypdfium2.PdfDocument(tmp_path / "batch.pdf")).split())
        assert "localhost:8400/start" in text
        assert not any(word in text for word in ("téléphone :", "Appelez", "par téléphone", "by phone", "{"))


@pytest.mark.parametrize("kind", ["opposed", "withdrawn", "activated"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_proof__shows_the_answer_and_the_text_it_answers(kind: str, language: str) -> None:
    said = texts.text("answers", language)["refuse"].format(name="Amina Belkacem")
    shown = proof.Proof(
        kind, "3f2c9a10-77aa-4c2e-9d53-0d2f8e1c9b7a", "Amina *Belkacem*", "holder", "web", AT, said, texts.VERSION,  # type: ignore[arg-type]
        texts.digest(language=language), language, SENDER, AT + timedelta(days=14),
    )  # fmt: skip
    made = proof.write(shown)
    assert made == proof.write(shown)
    document = pypdfium2.PdfDocument(made)
    text = " ".join(read(document).split())
    for word in (
        texts.VERSION,
        texts.digest(language=language),
        shown.number,
        "Amina Belkacem",
        " ".join(said.split()),
    ):
        assert word.replace("\u00a0", " ") in text
    assert all(right <= 200 for _, _, right, _, _ in rows(document[0]))
    with pikepdf.open(io.BytesIO(made)) as again:
        assert str(again.Root.Lang) == language and bool(again.Root.MarkInfo.Marked)
        kinds = [str(part.S) for part in again.Root.StructTreeRoot.K[0].K]
        assert kinds.count("/H1") == 1 and not again.get_warnings()
