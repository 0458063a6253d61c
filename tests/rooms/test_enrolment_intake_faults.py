"""Registers as they really come: bad lines, bad encodings, cut files; each fault by line, column and rule."""

from __future__ import annotations

import pytest
from arro3 import core, io

from healthspace.common.errors import Invalid
from healthspace.enrolment.actions import intake
from healthspace.enrolment.adapters import registry_csv
from healthspace.enrolment.reads import intake as reads
from healthspace.enrolment.rules.registry import COLUMNS, MENDABLE
from healthspace.spaces import reads as spaces
from tests.rooms.register import balance, born, enrollee, made, people, person_of, seeds, write

pytestmark = pytest.mark.usefixtures("as_worker")
seed = pytest.fixture(seeds)
HEAD = ";".join(COLUMNS).encode() + b"\n"


def told(report):
    return [(one.line, one.field, one.rule) for one in reads.bad_lines(report.intake_id)]


def line(row):
    return ";".join(row[name] for name in COLUMNS)


@pytest.mark.parametrize(
    "column, value, rule",
    [
        ("ins", "280053155500189", "INS-KEY"),
        ("ins", "28005315550018", "INS-FORM"),
        ("ins", "280053155500188\x00", "INS-FORM"),
        ("ins", "xyz:280053155500188", "INS-OID"),
        ("birth_name", "", "REG-NAME"),
        ("birth_name", "MO\x07REL", "REG-NAME"),
        ("birth_name", "A" * 101, "REG-NAME"),
        ("birth_name", "<script>", "REG-NAME"),
        ("first_names", "ANNE 2", "REG-NAME"),
        ("born_on", "1985-02-30", "REG-DATE"),
        ("born_on", "17/05/1980", "REG-DATE"),
        ("born_on", "1789-07-14", "REG-DATE"),
        ("born_on", "2999-01-01", "REG-DATE"),
        ("born_on", "19800517", "REG-DATE"),
        ("born_on", "١٩٨٠-٠٥-١٧", "REG-DATE"),
        ("sex", "X", "REG-SEX"),
        ("birth_place", "3155", "REG-PLACE"),
        ("department", "00", "REG-DEPARTMENT"),
        ("died_on", "1979-01-01", "REG-DATE"),
        ("former_ins", "123", "INS-FORM"),
    ],
)
def test_bad_identity__keeps_its_line_out_and_no_other(tmp_path, seed, column, value, rule):
    bad, good = born(seed) | {column: value}, born(seed + 1)
    report = intake.take_in(write(tmp_path / "register.csv", [bad, good]))
    assert told(report) == [(2, column, rule)]
    assert (report.refused, report.new, balance(report)) == (1, 1, 2)
    assert person_of(good["ins"])


@pytest.mark.parametrize(
    "column, value, rule",
    [
        ("email", "not a mail", "REG-EMAIL"),
        ("email", "a@b, c@d", "REG-EMAIL"),
        ("phone", "call me", "REG-PHONE"),
        ("card_serial", "12", "REG-CARD"),
        ("attending_rpps", "99", "REG-RPPS"),
        ("language", "xx", "REG-LANGUAGE"),
        ("letter_format", "huge", "REG-FORMAT"),
        ("used_name", "7", "REG-NAME"),
        ("parent_ins", "12", "REG-ADULT"),
        ("postcode", "3100", "REG-ADDRESS"),
        ("address", "A|B|C|D|E", "REG-ADDRESS"),
    ],
)
def test_bad_contact__is_left_empty_and_the_person_is_taken(tmp_path, seed, column, value, rule, owner_connection):
    row = born(seed) | {column: value}
    report = intake.take_in(write(tmp_path / "register.csv", [row]))
    assert [(number, found) for number, _, found in told(report)] == [(2, rule)]
    assert (report.mended, report.new, report.refused) == (1, 1, 0)
    assert enrollee(owner_connection, row["ins"])["state"] == "not_informed"
    assert column in MENDABLE


def test_messy_values__spaces_two_part_letters_and_points_in_phones_are_no_faults(tmp_path, seed):
    row = born(seed) | {"birth_name": "  LE  GALL ", "first_names": "E\u0301LISE", "phone": "06.11 22-33.44"}
    report = intake.take_in(write(tmp_path / "register.csv", [row]))
    identity = spaces.identity(person_of(row["ins"]))
    assert (report.new, report.mended) == (1, 0)
    assert (identity.traits.birth_name, identity.traits.first_names, identity.phone) == (
        "LE GALL", ("ÉLISE",), "0611223344",
    )  # fmt: skip


def test_encodings__a_line_that_is_no_utf_8_is_told_and_the_others_are_taken(tmp_path, seed):
    rows = [born(seed + number) for number in range(3)]
    lines = [line(row).encode() for row in rows]
    lines[1] = lines[1].replace(b"MOREL", "MORÉL".encode("latin-1"))
    path = tmp_path / "register.csv"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.replace(b"\n", b"\r\n") + b"\r\n".join(lines) + b"\r\n")
    report = intake.take_in(path)
    assert told(report) == [(3, "line", "REG-UTF8")]
    assert (report.new, report.is_whole) == (2, None)


@pytest.mark.parametrize(
    "content, rule",
    [
        (b"", "REG-HEAD"),
        (b"\n\n", "REG-HEAD"),
        (b"a;b;c\n1;2;3\n", "REG-HEAD"),
        ("\ufeffins".encode("utf-16"), "REG-UTF8"),
        (b"\xff\xd8\xff\xe0JFIF", "REG-UTF8"),
        (HEAD.replace(b"email", b"ins"), "REG-HEAD"),
        (HEAD.replace(b"email", b"courriel"), "REG-HEAD"),
        (b"PK\x03\x04" + bytes(200), "REG-HEAD"),
    ],
)
def test_no_register__is_one_sentence_and_nothing_is_begun(tmp_path, content, rule):
    path = tmp_path / "register.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid) as fault:
        intake.take_in(path)
    assert fault.value.rule == rule


def test_columns__in_any_order_with_commas_and_quotes(tmp_path, seed):
    row = born(seed) | {"address": "3, RUE DU PARC"}
    names = ["department", "ins", "sex", "birth_name", "born_on", "first_names", "birth_place", "address", "postcode",
             "city"]  # fmt: skip
    path = tmp_path / "register.csv"
    path.write_text(",".join(names) + "\n" + ",".join(f'"{row[name]}"' for name in names) + "\nEND,1\n")
    report = intake.take_in(path)
    assert (report.new, report.lines, report.is_whole, told(report)) == (1, 1, True, [])


def test_quotes__without_an_end_swallow_their_own_line_only(tmp_path, seed):
    rows = [born(seed + number) for number in range(3)]
    rows[0]["city"] = '"TOULOUSE'
    report = intake.take_in(write(tmp_path / "register.csv", rows))
    assert (told(report), report.new) == ([(2, "line", "REG-FIELDS")], 2)


def test_long_line__is_told_and_costs_no_memory(tmp_path, seed):
    row = born(seed)
    path = tmp_path / "register.csv"
    path.write_bytes(HEAD + b"x" * (3 * registry_csv.PART_BYTES) + b"\n" + line(row).encode() + b"\n")
    report = intake.take_in(path)
    assert (told(report), report.new) == ([(2, "line", "REG-LONG")], 1)


def test_empty_lines__are_all_counted_but_do_not_fill_the_tables(tmp_path, seed):
    path = tmp_path / "register.csv"
    path.write_bytes(HEAD + line(born(seed)).encode() + b"\n" * 30_001)
    report = intake.take_in(path)
    assert (report.new, report.refused, balance(report)) == (1, 30_000, 30_001)
    assert len(told(report)) == 20_000


def test_twice__the_first_line_of_a_number_counts_and_the_other_is_told(tmp_path, seed, monkeypatch, owner_connection):
    monkeypatch.setattr(registry_csv, "PART_BYTES", 1000)
    rows = [born(seed + number) for number in range(20)]
    rows.append(rows[0] | {"city": "AUCH"})
    rows.append(rows[0])
    report = intake.take_in(write(tmp_path / "register.csv", rows), processes=1)
    assert told(report) == [(22, "ins", "REG-TWICE"), (23, "ins", "REG-TWICE")]
    assert (report.new, report.refused, balance(report)) == (20, 2, 22)
    assert enrollee(owner_connection, rows[0]["ins"])["line"] == 2


def test_cut_file__what_is_there_is_taken_and_the_report_says_it_is_cut(tmp_path, seed):
    whole = made(tmp_path / "whole.csv", seed, 50)
    cut = tmp_path / "cut.csv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    first = intake.take_in(cut)
    assert (first.is_whole, first.refused) == (None, 1)
    again = intake.take_in(whole)
    assert (again.new + again.unchanged, again.is_whole) == (50, True)
    assert (again.unchanged, again.refused) == (first.new, 0)


def test_cut_file__with_an_end_line_that_says_more_is_told(tmp_path, seed):
    rows = [born(seed + number) for number in range(3)]
    path = write(tmp_path / "register.csv", rows)
    path.write_text(path.read_text().replace("END;3", "END;4"))
    report = intake.take_in(path)
    assert (report.is_whole, report.new) == (False, 3)


def test_spoilt_lines__all_kinds_together_balance(tmp_path, seed):
    path = made(tmp_path / "register.csv", seed, 400, faults=0.1)
    report = intake.take_in(path)
    assert report.refused > 20
    assert balance(report) == report.lines == 400
    refused = {number for number, *_ in told(report)}
    assert len(refused) == report.refused
    for number, row in enumerate(path.read_bytes().split(b"\n")[1:401], 2):
        if number not in refused:
            assert person_of(row.split(b";")[0].decode())


def test_test_identities__are_refused_where_they_are_not_taken(tmp_path, seed, settings):
    settings.ACCEPT_TEST_IDENTITIES = False
    report = intake.take_in(write(tmp_path / "register.csv", [born(seed)]))
    assert told(report) == [(2, "ins", "INS-TEST")]


def test_faults__hold_nothing_of_a_line_s_content(tmp_path, seed, owner_connection):
    canary = "Zqx7canary"
    row = born(seed) | {"city": canary, "address": canary, "email": f"{canary} {canary}", "birth_name": f"{canary}7"}
    report = intake.take_in(write(tmp_path / "register.csv", [row]))
    kept = owner_connection.execute(
        "SELECT count(*) FROM enrolment_intake_fault f WHERE f::text LIKE %s", [f"%{canary}%"]
    )
    assert (kept.fetchone()[0], report.refused) == (0, 1)
    assert canary not in str(report)


def test_people__of_the_generator_are_the_same_for_the_same_seed(tmp_path, seed):
    assert people(made(tmp_path / "one.csv", seed)) == people(made(tmp_path / "two.csv", seed))


def parquet(path, rows, columns=COLUMNS):
    table = core.Table.from_pydict(
        {name: core.Array([row[name] or None for row in rows], type=core.DataType.utf8()) for name in columns}
    )
    io.write_parquet(table, path, max_row_group_size=7)
    return path


def test_parquet__is_taken_like_csv_and_told_by_row(tmp_path, seed, monkeypatch):
    rows = people(made(tmp_path / "register.csv", seed, 40))
    rows[3] = rows[3] | {"sex": "X"}
    path = parquet(tmp_path / "register.parquet", rows)
    report = intake.take_in(path)
    assert (report.new, report.refused, report.is_whole, told(report)) == (39, 1, True, [(5, "sex", "REG-SEX")])
    assert intake.take_in(path).new == 39
    same = intake.take_in(write(tmp_path / "same.csv", rows))
    assert (same.unchanged, same.new, same.refused) == (39, 0, 1)


@pytest.mark.parametrize("damage", ["cut", "middle", "foot"])
def test_parquet__a_damaged_file_is_one_sentence(tmp_path, seed, damage):
    path = parquet(tmp_path / "register.parquet", people(made(tmp_path / "register.csv", seed, 40)))
    whole = path.read_bytes()
    path.write_bytes(
        {
            "cut": whole[: len(whole) // 2],
            "middle": whole[:20] + bytes(len(whole) - 30) + whole[-10:],
            "foot": whole[:-12] + bytes(8) + whole[-4:],
        }[damage]
    )
    with pytest.raises(Invalid) as fault:
        intake.take_in(path)
    assert fault.value.rule == "REG-PARQUET"


def test_parquet__with_a_column_missing_is_no_register(tmp_path, seed):
    path = parquet(tmp_path / "register.parquet", [born(seed)], [name for name in COLUMNS if name != "ins"])
    with pytest.raises(Invalid) as fault:
        intake.take_in(path)
    assert fault.value.rule == "REG-HEAD"
