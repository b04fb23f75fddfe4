"""Headings and file names word by word: abbreviations, typing errors, two words in one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from validator import resources

Key = tuple[str, ...]
"""The words of a heading, spelled out, in alphabetical order."""

MAX_READINGS = 24
"""Readings of one heading that are tried."""
MIN_TYPED = 5
"""Letters of a word from which one typing error is allowed in it."""
MIN_LONG = 6
"""Letters of a word from which a typing error in it is likelier than two words in one."""
MAX_PREFIX = 3
"""Letters of an unknown word that may be a prefix of all headings; a longer one names a thing."""
MIN_PIECE = 2
"""Letters of the shortest word that is recognized inside another."""

_BORDERS = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])|(?<=[A-Z])(?=[A-Z][a-z])"
)


_REMARK = re.compile(r"\([^()]*\)|\[(required|optional)\]", re.I)


@lru_cache(maxsize=4096)
def read_heading(text: str) -> frozenset[Key]:
    """Return the ways in which a heading can be spelled out; none for a blank one."""
    readings = [_read_word(word) for word in split_words(text)]
    if not readings:
        return frozenset()
    combined = itertools.islice(itertools.product(*readings), MAX_READINGS)
    return frozenset(_order(itertools.chain.from_iterable(words)) for words in combined)


def shorten(keys: Iterable[Key], own: Sequence[str]) -> frozenset[Key]:
    """Return readings with and without the words that only repeat the name of the table."""
    short = set(keys)
    for key in keys:
        rest = tuple(word for word in key if word not in own)
        if rest:
            short.add(rest)
            short.update(_order((*rest, word)) for word in own)
    return frozenset(short)


def drop_modifiers(keys: Iterable[Key]) -> frozenset[Key]:
    """Return readings of a heading without words such as `local`, those that have any."""
    modifiers = _load_list("modifiers")
    bare = {tuple(word for word in key if word not in modifiers) for key in keys}
    return frozenset(bare - set(keys) - {()})


def split_words(text: str) -> list[str]:
    """Split an unknown heading into words in lower case, at marks, capitals and numbers.

    What is in parentheses says how values are written: `Birth Date (MM/DD/YYYY)`.
    """
    bare = _REMARK.sub(" ", text)
    marked = (bare if bare.strip() else text).replace("#", " number ").replace("'s", "")
    spaced = _BORDERS.sub(" ", re.sub(r"[\W_]+", " ", marked))
    return spaced.lower().split()


def _order(words: Iterable[str]) -> Key:
    """Return a heading's words in alphabetical order, without fillers, to suggest its column."""
    fillers = _load_list("fillers")
    return tuple(sorted({word for word in words if word not in fillers}))


@lru_cache(maxsize=4096)
def _read_word(word: str) -> tuple[Key, ...]:
    """Return the readings of one word, itself first; it may be two words without a space."""
    known = _index_words()
    if word in known:
        return known[word]
    corrected = _correct(word)
    pieces = None if len(corrected) >= MIN_LONG else next(_cut(word), None)
    if pieces is None:
        return known[corrected] if corrected else ((word,),)
    combined = itertools.product(*(known[piece] for piece in pieces))
    return tuple(tuple(itertools.chain.from_iterable(parts)) for parts in combined)


def _cut(word: str) -> Iterator[list[str]]:
    """Yield the ways of reading a heading's word as two or three known ones, long ones first."""
    known = _index_words()
    for size in range(len(word) - MIN_PIECE, MIN_PIECE - 1, -1):
        first, rest = word[:size], word[size:]
        if first not in known:
            continue
        if rest in known:
            yield [first, rest]
            continue
        for cut in range(len(rest) - MIN_PIECE, MIN_PIECE - 1, -1):
            if rest[:cut] in known and rest[cut:] in known:
                yield [first, rest[:cut], rest[cut:]]


def _correct(word: str) -> str:
    """Return the one known word that differs by one typing error, "" where none or several do."""
    if len(word) < MIN_TYPED or not word.isalpha():
        return ""
    near = {
        _index_words()[known]: known
        for known in _index_words()
        if len(known) >= MIN_TYPED and is_one_slip(word, known)
    }
    return next(iter(near.values())) if len(near) == 1 else ""


def is_one_slip(word: str, other: str) -> bool:
    """Return whether a heading's word has one typing error against a known word."""
    if abs(len(word) - len(other)) > 1 or word == other:
        return False
    start = next(
        (at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b),
        min(len(word), len(other)),
    )
    left, right = word[start:], other[start:]
    is_exchanged = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return is_exchanged or left[1:] == right[1:] or left[1:] == right or left == right[1:]


@lru_cache(maxsize=1)
def _index_words() -> Mapping[str, tuple[Key, ...]]:
    """Return known word or abbreviation -> what it may be, each as a sequence of words."""
    known: dict[str, list[Key]] = {}
    words: Mapping[str, Sequence[str]] = resources.read_bundled_yaml("columns/aliases.yaml")[
        "words"
    ]
    for meaning, spellings in words.items():
        key = tuple(meaning.split())
        for spelling in (*([meaning] if len(key) == 1 else []), *spellings):
            readings = known.setdefault(str(spelling), [])
            if key not in readings:
                readings.append(key)
    return {word: tuple(readings) for word, readings in known.items()}


@lru_cache(maxsize=8)
def _load_list(name: str) -> frozenset[str]:
    """Load a list of words for reading headings of unknown layouts."""
    listed: Sequence[str] = resources.read_bundled_yaml("columns/aliases.yaml")[name]
    return frozenset(map(str, listed))


def read_file_name(stem: str) -> frozenset[Key]:
    """Return the readings of a file's name without dates, numbers and words such as `copy`."""
    noise = _load_list("noise")
    words = [word for word in split_words(stem) if not word.isdigit() and word not in noise]
    return frozenset(
        tuple(word for word in key if word not in noise) for key in read_heading(" ".join(words))
    ) - {()}


def find_affix(headings: Sequence[str]) -> str:
    """Return the word that every heading begins or ends with and that is no part of its meaning.

    Such as `usr` in `id_usr, name_usr, role_usr`; "" where there is none.
    """
    worded = [split_words(heading) for heading in headings if heading]
    if len(worded) < 2 or any(len(words) < 2 for words in worded):
        return ""
    for at in (-1, 0):
        common = {words[at] for words in worded}
        if len(common) != 1 or common & _load_list("attributes"):
            continue
        affix = common.pop()
        if at == -1 or len(affix) <= MAX_PREFIX or affix in _index_words():
            return affix
    return ""


def strip_affix(heading: str, affix: str) -> str:
    """Return an unknown heading without the word that all headings of its file have."""
    words = split_words(heading)
    if not affix or len(words) < 2:
        return heading
    kept = words[:-1] if words[-1] == affix else words[1:]
    return " ".join(kept) if affix in (words[-1], words[0]) else heading
