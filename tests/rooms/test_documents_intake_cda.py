# ruff: noqa: E501
"""CDA documents: what their header says, and the HTML we make of them (T46, T47)."""

import re
from datetime import UTC, date, datetime

import html5lib
import pytest

from healthspace.documents.adapters import cda
from healthspace.documents.adapters.sandbox import ParserFailed
from healthspace.documents.ports import Identifier
from tests.rooms.intake import corpus

ELEMENTS = {
    "article", "section", "div", "h2", "h3", "h4", "h5", "h6", "p", "br", "span", "strong", "em", "sub", "sup", "del",
    "ins", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "a", "figure",
    "figcaption", "img",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "id", "class", "aria-labelledby", "aria-label", "role", "tabindex", "href", "rel", "src", "alt", "scope",
    "colspan", "rowspan",
}  # fmt: skip


def fragment(html):
    """The parsed fragment, after the checks every fragment must pass."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(html)
    elements = [
        element for element in tree.iter() if isinstance(element.tag, str) and element.tag != "DOCUMENT_FRAGMENT"
    ]
    assert parser.errors == []
    assert {element.tag for element in elements} <= ELEMENTS
    assert {name for element in elements for name in element.attrib} <= ATTRIBUTES
    ids = [element.attrib["id"] for element in elements if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    assert all(found.startswith("cda-") for found in ids)
    assert all(element.attrib["aria-labelledby"] in ids for element in elements if "aria-labelledby" in element.attrib)
    for element in elements:
        href = element.attrib.get("href", "")
        assert re.fullmatch(r"|#cda-[a-z0-9-]+|/d/1/media/\d+|https?://[^\s\"'<>]+", href), href
        assert not href.startswith("#") or href[1:] in ids
        assert not href.startswith("http") or element.attrib["rel"] == "noreferrer noopener nofollow"
        assert re.fullmatch(r"|/d/1/media/\d+", element.attrib.get("src", ""))
    levels = [int(element.tag[1]) for element in elements if re.fullmatch("h[2-6]", element.tag)]
    assert all(after - before <= 1 for before, after in zip([1, *levels], levels, strict=False))
    return tree


def shown(text, **options):
    html = cda.to_html(corpus.cda(corpus.section(text, **options)), "fr", base="/d/1")
    fragment(html)
    return html


def test_header__says_everything_the_index_needs():
    found = cda.header(corpus.cda(corpus.section("x")))

    assert found.source_id == "1.2.250.1.999.1^77"
    assert (found.type.code, found.type.display, found.title) == ("11490-0", "Lettre de liaison", "Lettre de sortie")
    assert (found.version, found.level, found.language) == (2, 3, "fr-FR")
    assert found.made_at == datetime(2026, 3, 4, 9, 15, tzinfo=UTC)
    assert [code.code for code in found.confidentiality] == ["N", "MASQUE_PS"]
    assert found.service_start.date() == date(2026, 2, 28)
    assert found.service_stop.date() == date(2026, 3, 4)
    assert (found.setting_code, found.facility_code) == ("ETABLISSEMENT", "SA01")
    assert [(parent.relation, parent.identifier) for parent in found.parents] == [
        ("RPLC", Identifier("1.2.250.1.999.1", "76"))
    ]
    author = found.authors[0]
    assert (author.rpps, author.name, author.finess) == ("10000000017", "Dr Linh NGUYEN", "120456789")
    assert author.organization_name == "Hôpital de Rivemont"


def test_header__claimed_identity_is_whole():
    patient = cda.header(corpus.cda(corpus.section("x"))).patient

    assert patient.identifiers == (Identifier("1.2.250.1.213.1.4.10", "279035121518989"),)
    assert (patient.birth_name, patient.used_name) == ("DUVAL", "MARTIN")
    assert (patient.first_names, patient.used_first_name) == (("AMINA", "ROSE"), "MINA")
    assert (patient.sex, patient.born_on, patient.birth_place) == ("F", date(1979, 3, 28), "51215")


@pytest.mark.parametrize("stamp, expected", [
    ("20260304101500+0100", datetime(2026, 3, 4, 9, 15, tzinfo=UTC)),
    ("20260304101500.123-0500", datetime(2026, 3, 4, 15, 15, tzinfo=UTC)),
    ("202607", datetime(2026, 6, 30, 22, 0, tzinfo=UTC)),
    ("1975", datetime(1974, 12, 31, 23, 0, tzinfo=UTC)),
    ("", None), ("20261399", None), ("hier", None), ("2026030", None), ("٢٠٢٦", None),
])  # fmt: skip
def test_instant__reads_hl7_times_and_nothing_else(stamp, expected):
    assert cda.instant(stamp) == expected


@pytest.mark.parametrize("attack", corpus.narrative_attacks())
def test_to_html__attack_in_the_narrative_leaves_words_only(attack):
    shown(attack)


def test_narrative_attacks__are_many():
    assert len(corpus.narrative_attacks()) >= 60


def test_to_html__attack_in_titles_and_names_leaves_words_only():
    evil = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    document = corpus.cda(corpus.section("x", title=evil)).replace("Hôpital de Rivemont".encode(), evil.encode())
    html = cda.to_html(document, "fr", base="/d/1")

    fragment(html)
    assert html.count("&lt;script&gt;") == 2


@pytest.mark.parametrize(
    "base", ["javascript:alert(1)", '"onload="', "//evil.example", "../..", "https://evil.example"]
)
def test_to_html__strange_base_is_not_used(base):
    entry = corpus.medium("photo", corpus.picture(), "image/png")
    html = cda.to_html(
        corpus.cda(corpus.section("<renderMultiMedia referencedObject='photo'/>", inner=entry)), "fr", base=base
    )

    assert 'src="/media/1"' in html


def test_to_html__words_and_structure_are_kept():
    html = shown(
        "Bonjour <content styleCode='Bold'>Madame</content>,<br/>vous allez <content styleCode='Italics'>mieux</content>."
        "<paragraph><caption>Suite</caption>H<sub>2</sub>O, 10<sup>9</sup>/L, <content revised='delete'>non</content></paragraph>"
        "<list listType='ordered'><caption>Conseils</caption><item>Dormir</item><item>Marcher<list><item>30 min</item></list></item></list>"
    )

    assert "<p>Bonjour <strong>Madame</strong>,<br>vous allez <em>mieux</em>.</p>" in html
    assert "<p><strong>Suite</strong></p><p>H<sub>2</sub>O, 10<sup>9</sup>/L, <del>non</del></p>" in html
    assert (
        '<ol class="cda-list"><li>Dormir</li><li><p>Marcher</p><ul class="cda-list"><li>30 min</li></ul></li></ol>'
        in html
    )


def test_to_html__table_says_what_its_headers_head():
    html = shown(
        "<table border='1' width='100%'><caption>Analyses</caption><thead><tr><th>Nom</th><th colspan='2'>Valeur</th></tr></thead>"
        "<tbody><tr><th>TSH</th><td align='right'>1,95</td><td>mUI/L</td></tr></tbody></table>"
    )

    assert "<caption>Analyses</caption>" in html
    assert '<th scope="col">Nom</th><th scope="colgroup" colspan="2">Valeur</th>' in html
    assert '<tr><th scope="row">TSH</th><td>1,95</td><td>mUI/L</td></tr>' in html
    assert 'tabindex="0"' in html


def test_to_html__wide_table_becomes_one_list_a_line():
    names = "".join(f"<th>Colonne {n}</th>" for n in range(8))
    values = "".join(f"<td>valeur {n}</td>" if n != 3 else "<td>-</td>" for n in range(8))
    html = shown(
        f"<table><thead><tr>{names}</tr></thead><tbody><tr>{values}</tr>"
        "<tr><td colspan='4'>Conseil</td><td colspan='4'>Avec un repas</td></tr></tbody></table>"
    )

    assert "<table" not in html
    assert "<div><dt>Colonne 0</dt><dd>valeur 0</dd></div>" in html
    assert "<dt>Colonne 3</dt>" not in html
    assert "<div><dt>Conseil</dt><dd>Avec un repas</dd></div>" in html


def test_to_html__layout_tables_become_paragraphs_and_titles():
    html = shown(
        "<table><tbody><tr><td>Motif du séjour</td></tr></tbody></table>"
        "<list><item><content styleCode='BoldItalics'>BCG</content></item></list>"
        "<table><thead><tr><th>Date</th><th>Lot</th></tr></thead><tbody><tr><td>1975</td><td>12</td></tr></tbody></table>"
        "<table><thead><tr><th colspan='3'>Actes</th></tr></thead><tbody><tr><td>Suivi</td><td>2027</td></tr></tbody></table>"
    )

    assert "<p>Motif du séjour</p>" in html
    assert "<caption>BCG</caption>" in html
    assert '<caption>Actes</caption><tbody><tr><th scope="row">Suivi</th><td>2027</td></tr>' in html


def test_to_html__notes_and_links_lead_somewhere():
    html = shown(
        "<paragraph ID='haut'>Dose<footnote ID='n1'>À jeun</footnote>, bis<footnoteRef IDREF='n1'/></paragraph>"
        "<paragraph><linkHtml href='#haut'>plus haut</linkHtml> <linkHtml href='#rien'>nulle part</linkHtml> "
        "<linkHtml href='https://example.org/a?b=1&amp;c=2'>notice</linkHtml> <linkHtml href='annexe.pdf'>annexe</linkHtml></paragraph>"
    )

    assert '<p id="cda-to-1">Dose<sup><a href="#cda-note-1">1</a></sup>' in html
    assert '<a href="#cda-to-1">plus haut</a> nulle part' in html
    assert 'href="https://example.org/a?b=1&amp;c=2"' in html
    assert "notice (example.org, site extérieur)" in html
    assert "</a> annexe</p>" in html
    assert '<li id="cda-note-1">À jeun</li>' in html


def test_to_html__pictures_come_from_our_own_copies():
    entries = corpus.medium("photo", corpus.picture("GIF"), "image/gif") + corpus.medium(
        "copie", corpus.pdf(), "application/pdf"
    )
    entries += corpus.medium("film", b"RIFF....AVI", "video/avi") + corpus.medium(
        "oubli", corpus.picture("JPEG"), "image/png"
    )
    document = corpus.cda(corpus.section(
        "<renderMultiMedia referencedObject='photo'><caption>Radio</caption></renderMultiMedia>"
        "<renderMultiMedia referencedObject='copie'/><renderMultiMedia referencedObject='film'/>", inner=entries,
    ))  # fmt: skip
    html = cda.to_html(document, "fr", base="/d/1")

    fragment(html)
    assert '<figure><img src="/d/1/media/1" alt="Radio"><figcaption>Radio</figcaption></figure>' in html
    assert '<a href="/d/1/media/2">Ouvrir la pièce jointe (PDF)</a>' in html
    assert "ne peut pas être affichée" in html
    assert '<img src="/d/1/media/4" alt="Image du document 4">' in html
    assert [cda.media(document, number).media_type for number in (1, 2, 4)] == [
        "image/webp",
        "application/pdf",
        "image/webp",
    ]
    for number in (0, 3, 5):
        with pytest.raises(ParserFailed):
            cda.media(document, number)


def test_to_html__entries_speak_where_the_narrative_is_silent():
    entry = (
        '<entry><observation classCode="OBS" moodCode="EVN"><code code="8302-2" displayName="Taille"/>'
        '<effectiveTime value="20260301"/><value xsi:type="PQ" value="1.70" unit="m"/>'
        '<interpretationCode code="N" displayName="Normal"/></observation></entry>'
        '<entry><substanceAdministration classCode="SBADM" moodCode="EVN"><effectiveTime><low value="2020"/><high value="202105"/>'
        "</effectiveTime><consumable><manufacturedProduct><manufacturedMaterial><name>Amoxicilline</name>"
        "</manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration></entry>"
    )
    html = cda.to_html(corpus.cda(f"<component><section><title>Mesures</title>{entry}</section></component>"), "en")

    fragment(html)
    assert "<td>Taille</td><td>1.70 m, Normal</td><td>1 March 2026</td>" in html
    assert "<td>Amoxicilline</td><td></td><td>2020 – May 2021</td>" in html


def test_to_html__summary_leaves_the_patient_out():
    html = shown("x")

    assert "Dr Linh NGUYEN, Généraliste" in html
    assert "4 mars 2026 à 10:15" in html
    assert "28 février 2026 au 4 mars 2026" in html
    for trait in ("DUVAL", "AMINA", "279035121518989", "1979"):
        assert trait not in html


def test_to_html__sections_inside_sections_are_headings_in_order():
    inner = corpus.section("c", title="Trois")
    middle = f"<component><section><title>Deux</title><text>b</text>{inner}</section></component>"
    html = shown("a", title="Un", inner=middle)

    assert re.findall(r"<(h\d)[^>]*>([^<]+)", html) == [("h2", "Un"), ("h3", "Deux"), ("h4", "Trois")]


def test_to_html__senders_style_sheet_is_never_run():
    document = corpus.cda(
        corpus.section("texte"), prologue='<?xml-stylesheet type="text/xsl" href="file:///etc/passwd"?>'
    )

    assert "<p>texte</p>" in cda.to_html(document, "fr")


def test_embedded__level_one_gives_the_file_as_it_was_sent():
    inside = corpus.pdf(2)

    assert cda.embedded(corpus.level_one(inside, "application/pdf")) == ("application/pdf", inside)


@pytest.mark.parametrize("path", corpus.real("cda-fr", "*.xml"), ids=lambda path: path.stem if path else "absent")
def test_to_html__published_cda_is_clean_and_complete(path):
    content = path.read_bytes()
    if cda.header(content).level == 1:
        media_type, inside = cda.embedded(content)
        assert (media_type, inside[:5]) == ("application/pdf", b"%PDF-")
        return
    tree = fragment(cda.to_html(content, "fr", base="/d/1"))

    ours = "".join("".join(tree.itertext()).split()).casefold()
    for words in _narrative_words(content):
        assert "".join(words.split()).casefold() in ours, words


def _narrative_words(content):
    """Every cell, item and paragraph of the source that is words only; "-" stands for nothing."""
    from lxml import etree

    root = etree.fromstring(content)
    for kind in ("td", "th", "item", "paragraph"):
        for element in root.iter(f"{{urn:hl7-org:v3}}{kind}"):
            words = " ".join("".join(element.itertext()).split())
            after = element.getnext()
            if after is not None and "".join(after.itertext()).strip() == "-":
                continue
            if words not in ("", "-") and not element.findall(".//{*}linkHtml") and not element.findall(".//{*}table"):
                yield words
