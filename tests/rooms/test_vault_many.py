"""Keys and hashes for many at once are those of one by one."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthspace.common.ids import new_id
from healthspace.vault import actions as vault
from healthspace.vault import reads
from healthspace.vault.adapters import many
from healthspace.vault.rules import CannotUnseal, Sealer


def opened(person_id, row, root_id):
    return Sealer(person_id, reads.ring().unwrap(root_id, row[0], reads.key_context(person_id)))


def test_seal_new__what_was_sealed_for_many_opens_with_each_one_s_own_key():
    persons = [new_id() for _ in range(70)]
    names, homes = [b"a" * number for number in range(70)], [b"\x80\0" * number for number in range(70)]
    sealed = vault.seal_new([one.bytes for one in persons], [("identity:1", names), ("registry:1", homes)])

    for person_id, row, name, home in zip(persons, sealed.rows, names, homes, strict=True):
        sealer = opened(person_id, row, sealed.root_id)
        assert sealer.unseal(row[1], item=person_id, part="identity:1") == name
        assert sealer.unseal(row[2], item=person_id, part="registry:1") == home
        assert len(row[1]) == len(sealer.seal(name, item=person_id, part="identity:1"))
    assert len({row[0] for row in sealed.rows}) == len(persons)
    assert len({cell[1:13] for row in sealed.rows for cell in row[1:]}) == 140, "a nonce came twice"


def test_seal_new__another_person_or_part_opens_nothing():
    one, other = new_id(), new_id()
    sealed = vault.seal_new([one.bytes, other.bytes], [("identity:1", [b"a", b"b"])])
    mine = opened(one, sealed.rows[0], sealed.root_id)
    for cell, item, part in (
        (sealed.rows[1][1], other, "identity:1"),
        (sealed.rows[0][1], other, "identity:1"),
        (sealed.rows[0][1], one, "registry:1"),
    ):
        with pytest.raises(CannotUnseal):
            mine.unseal(cell, item=item, part=part)


@given(key=st.binary(max_size=64), head=st.binary(max_size=80), messages=st.lists(st.binary(max_size=200), max_size=4))
def test_keyed__is_hmac_sha256_of_the_standard_library(key, head, messages):
    digest = many.keyed(key, head)
    assert [digest(one) for one in messages] == [hmac.digest(key, head + one, "sha256") for one in messages]


def test_finder__is_find_key():
    find = reads.finder("ins")
    assert find("1.2.3|né".encode()) == reads.find_key("ins", "1.2.3|né")
