"""Code pages of old systems, recognized by the letters that they give in names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial

from validator.model import dataclass

WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
"""A word whose letters above ASCII are single bytes."""

FREQUENT = frozenset("áéíóúñüçÁÉÍÓÚÑÜÇ")
"""Those of Spanish, French and German, the most frequent by far."""

MOST_WORDS = 200
"""Different words from which a code page is chosen; more would say nothing new."""

COMMON = frozenset("áéíóúñüçèêëïôöäãõâàìòùûîåøæßýÁÉÍÓÚÑÜÇÈÊËÔÖÄÃÕÂÀÅØÆ")
"""Accented letters of the languages whose names are frequent in American schools."""

SIGNS_IN_TEXT = frozenset("’‘“”–—\u00a0®™©°…«»")
"""Signs that word processors write between, before and after words."""

MOST_BAD = 0.2
"""Share of letters that may be implausible in the chosen code page; our own measure."""


@dataclass(frozen=True)
class CodePage:
    """A code page: the codec of Python that reads it, and its name for people."""

    codec: str
    title: str


WINDOWS = CodePage("cp1252", "Windows-1252")
DOS = CodePage("cp850", "DOS code page 437 or 850")
CP437 = CodePage("cp437", "DOS code page 437")
MAC = CodePage("mac_roman", "Mac Roman")

OTHERS = (
    DOS,
    MAC,
    CodePage("cp1250", "Windows-1250"),
    CodePage("iso8859_2", "ISO 8859-2"),
    CodePage("cp852", "DOS code page 852"),
    CodePage("cp1251", "Windows-1251"),
    CodePage("cp866", "DOS code page 866"),
    CodePage("koi8_r", "KOI8-R"),
)
"""Most likely first: of two that read the letters equally well, the first is chosen."""


def choose_code_page(lines: Iterable[bytes], usual: CodePage = WINDOWS) -> CodePage:
    """Choose, by the vocabulary of code pages, the page in which words read as words.

    The usual one unless another page gives at most half as many implausible letters and few in all.
    A sign inside a word, a capital after a small letter, a small letter in a word of capitals and
    letters of two alphabets in one word are implausible. In a page that is the wrong one, about
    half of the bytes for accented letters are signs or capitals, so that a single name decides
    with a chance of error of one half, five names with one of three in a hundred.
    """
    words: Counter[bytes] = Counter()
    for line in lines:
        words.update(word for word in WORD.findall(line) if _is_telling(word))
        if len(words) > MOST_WORDS:
            break
    total = sum(times * _count_high(word) for word, times in words.items())
    most = rate(words, usual)
    if not total or most < total / 4:
        return usual
    best = min((page for page in (WINDOWS, *OTHERS) if page != usual), key=partial(rate, words))
    bad = rate(words, best)
    chosen = 2 * bad < most and bad <= MOST_BAD * total
    return best if chosen else usual


def rate(words: Mapping[bytes, int], page: CodePage) -> float:
    """Rate words by the vocabulary of code pages: how implausible their letters are, in all."""
    return sum(
        times * _rate_word(word.decode(page.codec, errors="replace"))
        for word, times in words.items()
    )


def _is_telling(word: bytes) -> bool:
    """Whether a word distinguishes the vocabulary's code pages: beyond ASCII, no lone sign."""
    return not word.isascii() and (len(word) > 2 or bool(re.search(rb"[A-Za-z]", word)))


def _count_high(word: bytes) -> int:
    """Count the bytes of a word that differ between the vocabulary's code pages."""
    return sum(byte > 127 for byte in word)


def _rate_word(word: str) -> float:
    """Rate how implausible a word's letters are by the vocabulary of code pages."""
    plain = [letter for letter in word if letter.isascii()]
    all_capitals = len(plain) > 1 and all(letter.isupper() for letter in plain)
    mixed = bool(plain)
    return sum(
        _rate_letter(word, at, all_capitals=all_capitals, mixed=mixed)
        for at, letter in enumerate(word)
        if not letter.isascii()
    )


def _rate_letter(word: str, at: int, *, all_capitals: bool, mixed: bool) -> float:
    """Rate a letter by the vocabulary of code pages: 0 plausible in its word, 1 impossible."""
    letter, before, after = word[at], word[at - 1 : at], word[at + 1 : at + 2]
    if not unicodedata.category(letter).startswith("L") or letter in "µªº":
        return _rate_sign(word, at)
    if letter.isupper() and before.islower():
        return 1.0
    if all_capitals and letter.islower():
        return 1.0
    if not unicodedata.name(letter, "").startswith("LATIN"):
        return 1.0 if mixed else 0.0
    neighbors = before + after
    if not _has_plain(neighbors) and len(word) > 2:
        return 0.6  # three letters with accents in a row
    if letter in FREQUENT:
        return 0.0
    return 0.02 if letter in COMMON else 0.1


def _has_plain(neighbors: str) -> bool:
    """Whether a neighbor of a code page's letter is plain, by the vocabulary, or there is none."""
    return not neighbors or any(letter.isascii() for letter in neighbors)


def _rate_sign(word: str, at: int) -> float:
    """Rate a sign inside a word by the vocabulary of code pages: 0 plausible, 1 impossible."""
    sign, after = word[at], word[at + 1 : at + 2]
    if sign not in SIGNS_IN_TEXT:
        return 1.0
    at_edge = at in (0, len(word) - 1)
    possessive = sign == "’" and word[at + 1 :] == "s"
    return 0.0 if at_edge or possessive or after.isupper() else 1.0
