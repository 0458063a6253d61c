"""Sealed bytes: they open for their person, item and part, and for nothing else."""

import os
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthspace.vault.rules import CHUNK_BYTES, CannotUnseal, Sealer, pad, subkey, unpad

AMINA, ITEM = uuid4(), uuid4()
SEALER = Sealer(AMINA, os.urandom(32))


@settings(deadline=None)
@given(st.binary(max_size=3000))
def test_seal__any_text_comes_back(plain: bytes) -> None:
    assert SEALER.unseal(SEALER.seal(plain, item=ITEM, part="card:1"), item=ITEM, part="card:1") == plain


@settings(deadline=None)
@given(st.binary(max_size=500))
def test_pad__size_tells_little(plain: bytes) -> None:
    assert len(pad(plain)) % 64 == 0
    assert unpad(pad(plain)) == plain


def test_seal__texts_of_one_to_sixty_bytes_look_alike() -> None:
    sizes = {len(SEALER.seal(b"a" * n, item=ITEM, part="card:1")) for n in range(64)}
    assert len(sizes) == 1


def test_unseal__another_person_item_part_or_bit_is_refused() -> None:
    key = os.urandom(32)
    sealer = Sealer(AMINA, key)
    sealed = sealer.seal(b"a title", item=ITEM, part="card:1")
    with pytest.raises(CannotUnseal):
        Sealer(uuid4(), key).unseal(sealed, item=ITEM, part="card:1")
    with pytest.raises(CannotUnseal):
        sealer.unseal(sealed, item=uuid4(), part="card:1")
    with pytest.raises(CannotUnseal):
        sealer.unseal(sealed, item=ITEM, part="card:2")
    for place in range(len(sealed)):
        spoiled = bytearray(sealed)
        spoiled[place] ^= 1
        with pytest.raises(CannotUnseal):
            sealer.unseal(bytes(spoiled), item=ITEM, part="card:1")
        with pytest.raises(CannotUnseal):
            sealer.unseal(sealed[:place], item=ITEM, part="card:1")


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_seal_body__any_size_comes_back(size: int) -> None:
    content = os.urandom(size)
    assert SEALER.unseal_body(bytes(SEALER.seal_body(content, item=ITEM, name="a")), item=ITEM, name="a") == content


def test_unseal_body__cut_swapped_added_or_renamed_is_refused() -> None:
    step, start = CHUNK_BYTES + 16, 33
    sealed = bytes(SEALER.seal_body(os.urandom(3 * CHUNK_BYTES), item=ITEM, name="a"))
    first, second, third = (sealed[start + i * step : start + (i + 1) * step] for i in range(3))
    head = sealed[:start]
    wrong = [
        head + first + second,
        head + second + first + third,
        head + first + second + third + third,
        head + first + third,
        head,
        sealed[:-1],
        sealed + b"\0",
        b"\x01" + sealed[1:],
        head[:-1] + bytes([head[-1] ^ 1]) + sealed[start:],
    ]
    for spoiled in wrong:
        with pytest.raises(CannotUnseal):
            SEALER.unseal_body(spoiled, item=ITEM, name="a")
    with pytest.raises(CannotUnseal):
        SEALER.unseal_body(sealed, item=ITEM, name="b")
    with pytest.raises(CannotUnseal):
        SEALER.unseal_body(sealed, item=uuid4(), name="a")


def test_subkey__follows_rfc_5869_case_1() -> None:
    okm = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
    assert subkey(b"\x0b" * 22, bytes(range(0xF0, 0xFA)), bytes(range(13))).hex() == okm


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=40), min_size=2, max_size=20))
def test_seal__never_the_same_bytes_twice(texts: list[bytes]) -> None:
    sealed = [SEALER.seal(text, item=ITEM, part="card:1") for text in texts * 2]
    assert len(set(sealed)) == len(sealed)
