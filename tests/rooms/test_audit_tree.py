"""The tree against the published vectors and against the plain text of RFC 6962."""

import hashlib
import random

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from healthspace.audit import rules

# Published with RFC 6962's reference implementation: eight inputs and the root after each.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class Grown:
    """A tree grown by the product's own code, its tiles kept as the table keeps them."""

    def __init__(self) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.growing: dict[int, list[bytes]] = {}
        self.size = 0

    def add(self, leaves: list[bytes]) -> bytes:
        self.tiles |= rules.append(self.growing, self.size, leaves)
        self.size += len(leaves)
        return rules.growing_root(self.growing)

    def read(self, level: int, number: int) -> bytes:
        return self.tiles[level, number]


known: dict[tuple[bytes, int], bytes] = {}


def naive_root(leaves: list[bytes]) -> bytes:
    """Straight from RFC 6962 2.1, over leaf hashes; remembered, as all our leaves differ."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    if (leaves[0], len(leaves)) not in known:
        k = 1 << ((len(leaves) - 1).bit_length() - 1)
        both = naive_root(leaves[:k]) + naive_root(leaves[k:])
        known[leaves[0], len(leaves)] = hashlib.sha256(b"\1" + both).digest()
    return known[leaves[0], len(leaves)]


def naive_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """Straight from RFC 6962 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < k:
        return [*naive_path(index, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(index - k, leaves[k:]), naive_root(leaves[:k])]


def naive_proof(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """Straight from RFC 6962 2.1.2."""
    if old == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    if old <= k:
        return [*naive_proof(old, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_proof(old - k, leaves[k:], False), naive_root(leaves[:k])]


def leaves_of(count: int) -> list[bytes]:
    return [rules.leaf_hash(b"entry %d" % number) for number in range(count)]


def test_root__published_vectors() -> None:
    tree = Grown()
    assert rules.growing_root({}).hex() == EMPTY
    for text, root in zip(INPUTS, ROOTS, strict=True):
        assert tree.add([rules.leaf_hash(bytes.fromhex(text))]).hex() == root


def test_root__every_size_to_600_and_around_65536_equals_the_rfc() -> None:
    tree, leaves = Grown(), leaves_of(600)
    for number, leaf in enumerate(leaves):
        root = tree.add([leaf])
        if number < 160 or number % 37 == 0 or number in {254, 255, 256, 511, 512}:
            assert root == naive_root(leaves[: number + 1])
            assert rules.root_at(tree.read, number + 1) == root
    big = leaves_of(65_536 + 300)
    grown = Grown()
    for size in (1, 255, 256, 257, 65_279, 65_535, 65_536, 65_537, 65_836):
        root = grown.add(big[grown.size : size])
        assert root == naive_root(big[:size])
        assert rules.root_at(grown.read, size) == root
    for index, size in ((0, 65_836), (65_536, 65_537), (255, 65_836), (65_835, 65_836)):
        proof = rules.inclusion(grown.read, index, size)
        assert proof == naive_path(index, big[:size])


@settings(deadline=None)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=8))
def test_append__batches_make_the_same_tree_as_single_steps(batches: list[int]) -> None:
    leaves, one, many = leaves_of(sum(batches)), Grown(), Grown()
    start = 0
    for count in batches:
        many.add(leaves[start : start + count])
        start += count
    one.add(leaves)
    assert many.tiles == one.tiles
    assert rules.growing_root(many.growing) == rules.growing_root(one.growing)


def test_proofs__exhaustively_to_160_leaves() -> None:
    """12,880 inclusion and 12,880 consistency proofs: equal to the RFC's text, and accepted."""
    leaves, tree = leaves_of(160), Grown()
    tree.add(leaves)
    roots = [rules.root_at(tree.read, size) for size in range(161)]
    for size in range(1, 161):
        for index in range(size):
            proof = rules.inclusion(tree.read, index, size)
            assert proof == naive_path(index, leaves[:size])
            assert rules.is_included(leaves[index], index, size, proof, roots[size])
        for old in range(1, size + 1):
            proof = rules.consistency(tree.read, old, size)
            assert proof == naive_proof(old, leaves[:size])
            assert rules.is_consistent(old, size, proof, roots[old], roots[size])


def _spoiled(proof: list[bytes], chance: random.Random) -> list[list[bytes]]:
    """Proofs that must fail: cut, lengthened, one bit or one step changed, two steps swapped."""
    out = [[*proof, chance.randbytes(32)]]
    if proof:
        place = chance.randrange(len(proof))
        bit = bytearray(proof[place])
        bit[chance.randrange(32)] ^= 1 << chance.randrange(8)
        out += [proof[:-1], proof[1:], [*proof[:place], bytes(bit), *proof[place + 1 :]], [*proof, proof[-1]]]
    if len(proof) > 1:
        out.append([proof[1], proof[0], *proof[2:]])
    return out


def test_proofs__spoiled_ones_are_all_refused() -> None:
    leaves, tree, chance, tried = leaves_of(96), Grown(), random.Random(6962), 0
    tree.add(leaves)
    roots = [rules.root_at(tree.read, size) for size in range(97)]
    for size in range(1, 97):
        for index in range(size):
            proof = rules.inclusion(tree.read, index, size)
            for wrong in _spoiled(proof, chance):
                assert not rules.is_included(leaves[index], index, size, wrong, roots[size])
                tried += 1
            assert not rules.is_included(chance.randbytes(32), index, size, proof, roots[size])
            assert not rules.is_included(leaves[index], index, size, proof, chance.randbytes(32))
            other = (index + 1) % size
            assert other == index or not rules.is_included(leaves[index], other, size, proof, roots[size])
        for old in range(1, size):
            proof = rules.consistency(tree.read, old, size)
            for wrong in _spoiled(proof, chance):
                assert not rules.is_consistent(old, size, wrong, roots[old], roots[size])
                tried += 1
            assert not rules.is_consistent(old, size, proof, chance.randbytes(32), roots[size])
            assert not rules.is_consistent(old, size, proof, roots[old], chance.randbytes(32))
    assert tried > 40_000


def test_is_consistent__nonsense_is_refused() -> None:
    root = leaves_of(1)[0]
    assert rules.is_consistent(0, 5, [], rules.EMPTY_ROOT, root)
    assert not rules.is_consistent(0, 5, [root], rules.EMPTY_ROOT, root)
    assert not rules.is_consistent(6, 5, [root], root, root)
    assert not rules.is_consistent(5, 5, [], root, rules.EMPTY_ROOT)
    assert not rules.is_included(root, 1, 1, [], root)


_simple = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=8), inner, max_size=6),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=8), _simple, max_size=8))
def test_canonical__is_rfc_8785(content: dict[str, object]) -> None:
    try:
        expected = rfc8785.dumps(content)  # type: ignore[arg-type]
    except UnicodeEncodeError:
        with pytest.raises(TypeError):
            rules.canonical(content)  # type: ignore[arg-type]
        return
    assert rules.canonical(content) == expected  # type: ignore[arg-type]


def test_checkpoint__comes_back_as_written() -> None:
    body = rules.checkpoint_body("healthspace/journal", 7, b"\1" * 32)
    note = body.decode() + "\n" + rules.signature_line("healthspace/journal", b"abcd", b"s" * 64)
    read = rules.parse_checkpoint(note)
    assert (read.origin, read.size, read.root, read.body) == ("healthspace/journal", 7, b"\1" * 32, body)
    assert read.signatures == (("healthspace/journal", b"abcd", b"s" * 64),)


@pytest.mark.parametrize("note", ["", "a\nb\nc\n\n", "a\n-1\nAAAA\n\n", "a\n1\n!!\n\n", "a\n1\nAAAA\n\nx y z\n"])
def test_parse_checkpoint__nonsense_is_refused(note: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        rules.parse_checkpoint(note)
