"""Vietnamese syllables: which there can be, their marks, and how often one follows another.

Called by the post-check of OCR's words. PURE but for the table it loads, which is counts, no text:
``python -m digitizer.pages.counting`` makes it, and says of what.

A word is brought to one form before it is looked up: NFC, lower case, its tone mark in the
traditional place (``hòa``, not ``hoà``), because Vietnamese text of today has both.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
import zlib
from dataclasses import dataclass, field
from importlib import resources
from typing import Self

import numpy as np
from numpy.typing import NDArray

TONES = "\u0300\u0301\u0303\u0309\u0323"
_TABLE = "syllables.bin"
_FLATNESS, _NEW_COUNT = 0.7, 0.5
_MAGIC = b"DGZSYL1\n"

EDGE, NUMBER, OTHER = "", "0", "?"
"""What stands beside a syllable and is none: the end of a clause, a number, anything else."""

_ONSET_LIST = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_ONSETS = _ONSET_LIST.split()
_RHYME_LIST = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en
eng eo ep et ê êch êm ên ênh êp êt êu i ich im in inh ip it iu ia iêc iêm iên iêng iêp iêt iêu o
oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe
oem oen oeo oet ooc oong ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u uc ui um un ung up ut ua uôc
uôi uôm uôn uông uôt uân uâng uât uây uê uêch uên uênh uêt uêu uơ uy uya uych uyn uynh uyt uyu
uyên uyêt ư ưc ưi ưm ưn ưng ưt ưu ưa ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu
"""
_RHYMES = frozenset(_RHYME_LIST.split())
_CHECKED = ("c", "ch", "p", "t")
_SHAPE = re.compile(rf"({'|'.join(sorted(_ONSETS, key=len, reverse=True))})?(.+)")
_OPEN = ("oa", "oe", "uy")

Ids = NDArray[np.int64]
Counts = NDArray[np.int64]
Shares = NDArray[np.float64]


def normal(word: str) -> str:
    """Return ``word`` in NFC and lower case with its tone mark in the traditional place."""
    return _replaced(unicodedata.normalize("NFC", word).lower(), -1, -2)


def placed_like(syllable: str, model: str) -> str:
    """Return ``syllable``, in its normal form, with the tone mark where ``model`` puts its own."""
    modern = unicodedata.normalize("NFC", model).lower() != normal(model)
    return _replaced(syllable, -2, -1) if modern else syllable


def _replaced(word: str, old: int, new: int) -> str:
    """Return ``word`` with a tone mark on its letter ``old`` moved to ``new``, where it ends in an
    open rhyme of two vowels."""
    if len(word) < 2 or bare(word[-2:]) not in _OPEN or bare(word[-3:-1]) == "qu":
        return word
    ending = list(word[-2:])
    letters = unicodedata.normalize("NFD", ending[old])
    if letters[-1] not in TONES:
        return word
    ending[new] = unicodedata.normalize("NFC", ending[new] + letters[-1])
    ending[old] = unicodedata.normalize("NFC", letters[:-1])
    return word[:-2] + "".join(ending)


def bare(word: str) -> str:
    """Return ``word`` without marks, ``đ`` as ``d``."""
    letters = unicodedata.normalize("NFD", word.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def is_syllable(word: str) -> bool:
    """Tell whether ``word``, in its normal form, can be a Vietnamese syllable by its letters."""
    letters = unicodedata.normalize("NFD", word)
    tones = [letter for letter in letters if letter in TONES]
    if len(tones) > 1:
        return False
    toneless = unicodedata.normalize("NFC", "".join(x for x in letters if x not in TONES))
    shape = _SHAPE.fullmatch(toneless)
    if shape is None:
        return False
    onset, rhyme = shape[1] or "", shape[2]
    # The i of gi and the u of qu belong to both halves: gì, giếng, quy, quốc.
    halves = {rhyme, "i" + rhyme} if onset == "gi" else {rhyme}
    if onset == "qu":
        halves = {rhyme, "u" + rhyme}
    if not halves & _RHYMES and toneless != "gi":
        return False
    return not rhyme.endswith(_CHECKED) or (bool(tones) and tones[0] in "\u0301\u0323")


@dataclass(frozen=True, slots=True)
class Syllables:
    """How often each syllable was met, and each pair of neighbours.

    Attributes:
        words: Sorted by their bare form, so that those that differ only in marks stand together;
            first the three of no syllable.
        single: How often each.
        pairs: ``left * len(words) + right``, ascending.
        double: How often each pair.
        followers, times_followed: How many different neighbours each has to its right, and how
            often it has one.
        share: How probable each is where its neighbours say nothing; flatter than it was counted,
            because other papers have other words.
        share_of_new: The same of a syllable that was never met.
    """

    words: tuple[str, ...]
    single: Counts
    pairs: Ids
    double: Counts
    followers: Ids = field(init=False, repr=False, compare=False)
    times_followed: Ids = field(init=False, repr=False, compare=False)
    share: Shares = field(init=False, repr=False, compare=False)
    share_of_new: float = field(init=False, repr=False, compare=False)
    _ids: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    _variants: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        lefts = self.pairs // len(self.words)
        size = len(self.words)
        object.__setattr__(self, "followers", np.bincount(lefts, minlength=size))
        times = np.bincount(lefts, self.double, minlength=size).astype(np.int64)
        object.__setattr__(self, "times_followed", times)
        flat = self.single.astype(np.float64) ** _FLATNESS
        object.__setattr__(self, "share", flat / flat.sum())
        object.__setattr__(self, "share_of_new", _NEW_COUNT**_FLATNESS / float(flat.sum()))
        self._ids.update((word, index) for index, word in enumerate(self.words))
        for index, word in enumerate(self.words[3:], 3):
            self._variants.setdefault(bare(word), []).append(index)

    def id(self, word: str) -> int | None:
        """Return the number of ``word``, in its normal form, or None."""
        return self._ids.get(word)

    def variants(self, word: str) -> list[int]:
        """Return all syllables that differ from ``word`` in marks alone, itself among them."""
        return self._variants.get(bare(word), [])

    def together(self, left: Ids, right: Ids) -> Counts:
        """Return how often each ``left`` was met before each ``right``: a row a left one."""
        keys = left[:, None] * len(self.words) + right[None, :]
        places = np.minimum(np.searchsorted(self.pairs, keys), self.pairs.size - 1)
        return np.where(self.pairs[places] == keys, self.double[places], 0)

    def to_bytes(self) -> bytes:
        """Pack the table: differences of ascending numbers, which compress well."""
        names = "\n".join(self.words).encode()
        parts = (
            names,
            self.single.astype("<u4").tobytes(),
            np.diff(self.pairs, prepend=0).astype("<u4").tobytes(),
            np.minimum(self.double, 65535).astype("<u2").tobytes(),
        )
        sizes = np.array([len(part) for part in parts], dtype="<u4").tobytes()
        return _MAGIC + zlib.compress(sizes + b"".join(parts), 9)

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """Unpack what ``to_bytes`` made. Raises ``ValueError``."""
        if not packed.startswith(_MAGIC):
            raise ValueError("no table of syllables")
        data = zlib.decompress(packed[len(_MAGIC) :])
        sizes = np.frombuffer(data[:16], dtype="<u4")
        ends = list(itertools.accumulate(sizes.tolist(), initial=16))
        names, single, pairs, double = (data[start:end] for start, end in itertools.pairwise(ends))
        return cls(
            tuple(names.decode().split("\n")),
            np.frombuffer(single, dtype="<u4").astype(np.int64),
            np.cumsum(np.frombuffer(pairs, dtype="<u4"), dtype=np.int64),
            np.frombuffer(double, dtype="<u2").astype(np.int64),
        )


def load() -> Syllables:
    """Return the table that comes with the program."""
    return Syllables.from_bytes(resources.files("digitizer.pages").joinpath(_TABLE).read_bytes())
