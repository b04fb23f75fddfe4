"""Titles: what the words of a course title, a subject or a department say about a class."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

SIGNALS = ("always", "strong", "plain", "weak", "hint")
_OTHERS = {
    "protected": "protected",
    "passed_by": "passed",
    "academic": "academic",
    "career": "career",
    "neutral": "neutral",
}
_ACADEMIC = ("academic", "protected")
_LONGEST = 200  # characters of a title that are looked at

_DOTTED = re.compile(r"\b([A-Za-z])\.\s?(?=[A-Za-z]\b)")
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_WORDS = re.compile(r"[a-z]+|[0-9]+|[/|:;()\[\]]|(?<=\s)-+(?=\s)")
_DASHES = str.maketrans({"\u2014": " - ", "\u2013": " - ", "\u2019": "", "\u2018": ""})
_VOWELS = re.compile(r"[aeiouy]")
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True)
class Phrase:
    """An entry of the vocabulary: how it counts, for which category, and as it is written there."""

    kind: str
    category: str
    shown: str
    words: tuple[str, ...]


class Part(NamedTuple):
    """Where in a title a word stands: the piece between dashes and brackets, and in it the part between slashes."""

    piece: int
    slashed: int


class Mark(NamedTuple):
    """A phrase found in a title, or an unknown word, in the part of the title where it stands."""

    kind: str
    phrase: Phrase | None
    word: str
    part: Part


@dataclass(frozen=True)
class Reading:
    """What a text says: per category the weight and the words that decided; and whether it is academic."""

    found: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    academic: str = ""
    leaning: str = ""


@dataclass(frozen=True)
class Wording:
    """The words by which electives are known, ready to read texts with."""

    phrases: Mapping[str, tuple[Phrase, ...]]
    spellings: Mapping[str, str]
    known: frozenset[str]
    telling: tuple[str, ...]
    skeletons: Mapping[str, str]
    weights: Mapping[str, float]
    remembered: dict[tuple[str, bool], str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Wording:
        """The words as rules/vocabulary/electives.yaml lists them."""
        spellings = {
            str(other): str(word) for word, others in data["spellings"].items() for other in others
        }
        phrases: dict[str, list[Phrase]] = {}
        for phrase in _phrases(data, spellings):
            phrases.setdefault(phrase.words[0], []).append(phrase)
        every = [phrase for same in phrases.values() for phrase in same]
        telling = sorted(
            {word for phrase in every if phrase.kind != "neutral" for word in phrase.words}
        )
        return cls(
            phrases={
                word: tuple(sorted(same, key=lambda p: -len(p.words)))
                for word, same in phrases.items()
            },
            spellings=spellings,
            known=frozenset(word for phrase in every for word in phrase.words),
            telling=tuple(telling),
            skeletons={_skeleton(word): word for word in telling if len(word) >= 7},
            weights={kind: float(data["weights"][kind]) for kind in SIGNALS},
        )

    def read(self, text: str) -> Reading:
        """What the words of a title say, without anything else that is known about the class."""
        marks = self._marks(text)
        academic = next((m.phrase.shown for m in marks if m.phrase and m.kind in _ACADEMIC), "")
        career = any(m.kind == "career" for m in marks)
        found: dict[str, tuple[float, str]] = {}
        sure = False
        for place, mark in enumerate(marks):
            if mark.phrase is None or mark.kind not in SIGNALS or _cancelled(marks, place):
                continue
            if mark.kind != "always" and (academic or not _stands(marks, place, career)):
                continue
            sure = sure or mark.kind == "always"
            weight = self.weights[mark.kind]
            if weight > found.get(mark.phrase.category, (0.0, ""))[0]:
                found[mark.phrase.category] = (weight, mark.phrase.shown)
        return Reading(found, "" if sure else academic)

    def _marks(self, text: str) -> list[Mark]:
        words, parts = self._words(text)
        marks: list[Mark] = []
        place = 0
        while place < len(words):
            word = words[place]
            phrase = next(
                (p for p in self.phrases.get(word, ()) if _here(p, words, parts, place)), None
            )
            kind = (
                phrase.kind
                if phrase
                else "neutral"
                if len(word) == 1 or word.isdigit()
                else "unknown"
            )
            marks.append(Mark(kind, phrase, word, parts[place]))
            place += len(phrase.words) if phrase else 1
        return marks

    def _words(self, text: str) -> tuple[list[str], list[Part]]:
        """The words in the vocabulary's own spelling, and for each the part of the text it stands in."""
        words: list[str] = []
        parts: list[Part] = []
        pieces = [*_WORDS.findall(_plain(text)), ")"]
        part = Part(0, 0)
        for piece, following in zip(pieces, [*pieces[1:], ")"], strict=True):
            if not piece[0].isalnum():
                part = (
                    Part(part.piece, part.slashed + 1) if piece == "/" else Part(part.piece + 1, 0)
                )
            elif piece != "and":
                words.append(self._spelled(piece, not following[0].isalnum()))
                parts.append(part)
        return words, parts

    def _spelled(self, word: str, last: bool) -> str:
        if (word, last) not in self.remembered:
            self.remembered[word, last] = self._recognized(word, last)
        return self.remembered[word, last]

    def _recognized(self, word: str, last: bool) -> str:
        """The vocabulary's own spelling of a word; only the last word of a part may be cut off."""
        if word in self.spellings:
            return self.spellings[word]
        if word in self.known or len(word) < 4:
            return word
        if (
            word.endswith("s")
            and (single := self.spellings.get(word[:-1], word[:-1])) in self.known
        ):
            return single
        if last and len(word) > 4 and (whole := self._completed(word)):
            return whole
        full = self.skeletons.get(_skeleton(word), "")
        return full if len(full) > len(word) and _within(word, full) else word

    def _completed(self, start: str) -> str:
        """The only telling word that begins so, or the stem of all that do, if less than half is cut off; or ""."""
        first = bisect_left(self.telling, start)
        shortest = self.telling[first] if first < len(self.telling) else ""
        if not shortest.startswith(start) or len(shortest) >= 2 * len(start):
            return ""
        last = bisect_left(self.telling, start + "\x7f")
        return (
            shortest if all(word.startswith(shortest) for word in self.telling[first:last]) else ""
        )


def _phrases(data: Mapping[str, Any], spellings: Mapping[str, str]) -> Iterable[Phrase]:
    """Every entry of the vocabulary; of two entries with the same words the first in order of the file counts."""
    entries = [
        (kind, category, text)
        for category, kinds in data["keep_out"].items()
        for kind in SIGNALS
        for text in kinds.get(kind, ())
    ]
    entries += [(kind, "", text) for key, kind in _OTHERS.items() for text in data[key]]
    seen: set[tuple[str, ...]] = set()
    for kind, category, text in entries:
        words = tuple(
            spellings.get(w, w)
            for w in _WORDS.findall(_plain(str(text)))
            if w[0].isalnum() and w != "and"
        )
        if words and words not in seen:
            seen.add(words)
            yield Phrase(kind, str(category), str(text), words)


def _here(phrase: Phrase, words: list[str], parts: list[Part], place: int) -> bool:
    """Whether the phrase stands here, within one piece of the title."""
    if len(phrase.words) == 1:
        return True
    end = place + len(phrase.words)
    return (
        end <= len(words)
        and words[place + 1] == phrase.words[1]
        and tuple(words[place:end]) == phrase.words
        and parts[place].piece == parts[end - 1].piece
    )


def _cancelled(marks: Sequence[Mark], place: int) -> bool:
    """Whether the word is used for something else: followed by "of" or "for" and a word that nobody knows."""
    following = [mark for mark in marks[place + 1 : place + 4] if mark.word not in ("the", "a")]
    return (
        len(following) > 1 and following[0].word in ("of", "for") and following[1].kind == "unknown"
    )


def _stands(marks: Sequence[Mark], place: int, career: bool) -> bool:
    """Whether a plain or weak word decides where it stands; a strong one always does."""
    mark = marks[place]
    if mark.kind == "strong":
        return True
    if career:
        return False
    others = marks if mark.kind in ("weak", "hint") else marks[:place]
    return all(
        other.kind == "neutral" or other.kind in SIGNALS
        for other in others
        if other.part == mark.part
    )


def _plain(text: str) -> str:
    """Small letters without accents and apostrophes; P.E. as pe, StudioArt as studio art."""
    text = _INNER_CAPITAL.sub(
        " ", _DOTTED.sub(r"\1", text[:_LONGEST]) if "." in text else text[:_LONGEST]
    )
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_DASHES))
        text = "".join(c for c in text if not unicodedata.combining(c))
    return text.replace("'", "").casefold()


def folded(text: str) -> str:
    """The text in small letters with single spaces, for comparing whole titles."""
    return " ".join(str(text).casefold().split())


def _skeleton(word: str) -> str:
    """First letter and consonants, doubled ones once; "" if too short to tell words apart."""
    bones = word[:1] + _VOWELS.sub("", word[1:])
    bones = _DOUBLED.sub(r"\1", bones)
    return bones if len(bones) >= 4 else ""


def _within(short: str, long: str) -> bool:
    """Whether the letters of one word stand in the other in the same order."""
    letters = iter(long)
    return all(letter in letters for letter in short)
