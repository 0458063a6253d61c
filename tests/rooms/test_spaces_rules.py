"""INS, strict traits, addresses and the state machine, against the law's own words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthspace.common.errors import Conflict, Invalid
from healthspace.spaces import rules
from healthspace.spaces.rules import DEMO_OID, NIA_OID, NIR_OID, TEST_OID, Traits

# Published vectors of the insurance's own library, and the official test patient (domain 1.2).
VECTORS = {
    "2550814168025": "38",
    "2940375120005": "91",
    "1531245007231": "60",
    "284052A321025": "52",
    "284052B321025": "79",
    "2840588321025": "32",
    "284202B321025": "28",
    "284992B321025": "31",
    "2951099126111": "93",
    "253072A073004": "43",
    "253072B073004": "70",
    "2790351215189": "89",
}


@pytest.mark.parametrize("number, key", VECTORS.items())
def test_parse_ins__published_numbers_have_their_key(number, key):
    assert rules.nir_key(number) == key
    assert rules.parse_ins(number + key, NIR_OID) == rules.Ins(number + key, NIR_OID)


@pytest.mark.parametrize("number, key", VECTORS.items())
def test_parse_ins__every_other_key_is_refused(number, key):
    for wrong in range(100):
        if f"{wrong:02d}" != key:
            with pytest.raises(Invalid) as fault:
                rules.parse_ins(f"{number}{wrong:02d}", NIR_OID)
            assert fault.value.rule == "INS-KEY"


@given(st.sampled_from(sorted(VECTORS)), st.integers(0, 14), st.sampled_from("0123456789"))
def test_parse_ins__one_wrong_digit_never_passes(number, place, digit):
    right = number + VECTORS[number]
    if right[place] in {"A", "B", digit}:
        return
    with pytest.raises(Invalid):
        rules.parse_ins(right[:place] + digit + right[place + 1 :], NIR_OID)


def test_parse_ins__written_with_spaces_small_letters_and_urn():
    assert rules.parse_ins("2 84 05 2a 321 025 52", f"urn:oid:{NIR_OID}").matricule == "284052A32102552"


@pytest.mark.parametrize("number", ["7112345678901", "8212345678901", "3112345678901", "6112345678901"])
def test_parse_ins__waiting_and_temporary_numbers_are_no_nir(number):
    matricule = number + rules.nir_key(number)
    assert rules.parse_ins(matricule, NIA_OID).oid == NIA_OID
    with pytest.raises(Invalid) as fault:
        rules.parse_ins(matricule, NIR_OID)
    assert fault.value.rule == "INS-FORM"


@pytest.mark.parametrize(
    "text",
    ["", "2790351215189", "279035121518989 0", "279135121518930", "079035121518989", "27903X121518989",
     "2790351215189٨9", "279035121500089", "279032C21518989"],
)  # fmt: skip
def test_parse_ins__what_is_no_number_is_refused(text):
    with pytest.raises(Invalid) as fault:
        rules.parse_ins(text, NIR_OID)
    assert fault.value.rule == "INS-FORM"


# Identities that the national agency publishes for tests; their keys are wrong.
PUBLISHED = ["221042545611404", "223042545611404", "276059205062865", "209053105611201", "222127505611201"]


@pytest.mark.parametrize("matricule", PUBLISHED)
def test_parse_ins__published_test_identity_passes_for_tests_only(matricule):
    for oid in (TEST_OID, DEMO_OID):
        assert rules.parse_ins(matricule, oid, allow_test=True).matricule == matricule
        with pytest.raises(Invalid):
            rules.parse_ins(matricule, oid)
    with pytest.raises(Invalid):
        rules.parse_ins(matricule, NIR_OID, allow_test=True)


def test_parse_ins__unknown_authority_is_refused():
    with pytest.raises(Invalid) as fault:
        rules.parse_ins("279035121518989", "1.2.3", allow_test=True)
    assert fault.value.rule == "INS-OID"


KNOWN = Traits("D'ARTAGNAN-LEFÈVRE", ("JEAN-PIERRE", "MARIE"), date(1979, 3, 5), "M", "75112")


def like(**changes: object) -> Traits:
    kept = {name: getattr(KNOWN, name) for name in Traits.__slots__}
    return Traits(**(kept | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "claimed",
    [
        like(),
        like(birth_name="d’artagnan lefevre"),
        like(birth_name="DARTAGNAN LEFEVRE"),
        like(first_names=("Jean-Pierre",)),
        like(first_names=("JEAN PIERRE MARIE",)),
        like(first_names=("Jean", "Pierre")),
        like(first_names=("JEAN-PIERRE", "MARIE", "LOUIS")),
        like(sex="U"),
        like(birth_place=""),
        like(birth_place="Paris"),
    ],
)
def test_traits_differ__writing_the_same_otherwise_does_not_count(claimed):
    assert rules.traits_differ(KNOWN, claimed) == ()
    assert rules.traits_differ(claimed, KNOWN) == ()


@pytest.mark.parametrize(
    "claimed, differing",
    [
        (like(birth_name="LEFEVRE"), ("birth_name",)),
        (like(birth_name="D'ARTAGNAN-LEFEBVRE"), ("birth_name",)),
        (like(first_names=("JEAN",)), ("first_names",)),
        (like(first_names=("MARIE", "JEAN-PIERRE")), ("first_names",)),
        (like(first_names=("JEAN-PIERRE", "LOUIS")), ("first_names",)),
        (like(first_names=()), ("first_names",)),
        (like(born_on=date(1979, 5, 3)), ("born_on",)),
        (like(sex="F"), ("sex",)),
        (like(birth_place="2A004"), ("birth_place",)),
        (like(birth_name="X", first_names=("Y",), born_on=date(1900, 1, 1), sex="F", birth_place="99100"),
         ("birth_name", "first_names", "born_on", "sex", "birth_place")),
    ],
)  # fmt: skip
def test_traits_differ__one_trait_is_enough(claimed, differing):
    assert rules.traits_differ(KNOWN, claimed) == differing
    assert rules.traits_differ(claimed, KNOWN) == differing


def test_traits_differ__namesake_born_the_same_day_is_told_apart():
    """What put other people's results into 111 records in August 2022 (domain 1.2, ID-1)."""
    one = Traits("MARTIN", ("MARIE", "ANNE"), date(1985, 6, 1), "F", "69381")
    namesake = Traits("MARTIN", ("MARIE", "LOUISE"), date(1985, 6, 1), "F", "13055")
    assert rules.traits_differ(one, namesake) == ("first_names", "birth_place")


@given(st.text())
def test_email_fault__what_passes_is_one_plain_address(address):
    if not rules.email_fault(address):
        assert address.isascii()
        assert address.isprintable()
        assert address.count("@") == 1
        assert not set(address) & set(' ,;<>"()\r\n\0:\\')


@pytest.mark.parametrize("address", ["a@b", "amina.b+x@mail.example.org", "279035121518989@patient.mssante.fr"])
def test_email_fault__ordinary_addresses_pass(address):
    assert rules.email_fault(address) == ""


@pytest.mark.parametrize(
    "address",
    ["", "a", "@b", "a@", "a@b,c@d", "a@b c@d", "a@b\n", "a@b\r\nBcc: c@d", "<a@b>", "A <a@b>", '"a"@b', "a@b\0",
     "a@b\u2028", "é@b.fr", "a@-b.fr", "a@b..fr", ".a@b", "a..b@c", "a@" + "b" * 64, "a@" + ".".join(["b" * 60] * 5)],
)  # fmt: skip
def test_email_fault__anything_else_is_refused(address):
    assert rules.email_fault(address)


def test_next_state__every_state_and_event_is_in_the_table_or_refused():
    for state in rules.STATES:
        for event in rules.EVENTS:
            expected = rules.TRANSITIONS.get((state, event))
            if expected is None:
                with pytest.raises(Conflict):
                    rules.next_state(state, event)
            else:
                assert rules.next_state(state, event) == expected
    assert {state for pair in rules.TRANSITIONS.items() for state in (pair[0][0], pair[1])} == set(rules.STATES)
    assert {event for _, event in rules.TRANSITIONS} == set(rules.EVENTS)


# Read off the drawing of domain 2.1, arrow by arrow, apart from the table of the product.
WALKS = [
    ("not_informed", ["inform", "deadline_passed", "activate", "close", "request_deletion", "erased"], "deleted"),
    ("not_informed", ["inform", "activate"], "active"),
    ("informed", ["object", "withdraw_objection", "deadline_passed"], "open_inactive"),
    ("informed", ["inform"], "informed"),
    ("open_inactive", ["close", "reopen"], "active"),
    ("closed", ["archive_ended"], "deleted"),
    ("closed", ["request_deletion", "cancel_deletion", "reopen"], "active"),
    ("deletion_requested", ["reopen"], "active"),
    ("active", ["suspend", "suspension_ended"], "closed"),
    ("active", ["suspend", "suspension_lifted"], "active"),
    ("active", ["die", "archive_ended"], "deleted"),
    ("opposed", ["die"], "closed_deceased"),
]


@pytest.mark.parametrize("start, events, end", WALKS)
def test_next_state__walks_of_the_law(start, events, end):
    for event in events:
        start = rules.next_state(start, event)
    assert start == end


@pytest.mark.parametrize("event", ["activate", "reopen", "inform", "close", "die", "cancel_deletion"])
def test_next_state__nothing_leads_out_of_deleted(event):
    with pytest.raises(Conflict):
        rules.next_state("deleted", event)


@pytest.mark.parametrize(
    "state, event", [("opposed", "deadline_passed"), ("opposed", "activate"), ("closed", "activate")]
)
def test_next_state__no_way_around_a_no(state, event):
    with pytest.raises(Conflict):
        rules.next_state(state, event)


def test_next_state__unknown_words_are_a_fault_of_ours():
    with pytest.raises(ValueError, match="no such"):
        rules.next_state("asleep", "activate")


def test_archive_until__ten_years_even_from_a_leap_day():
    assert rules.archive_until(date(2026, 11, 24)) == date(2036, 11, 24)
    assert rules.archive_until(date(2028, 2, 29)) == date(2038, 3, 1)
