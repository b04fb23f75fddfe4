"""Course titles: the words of titles, subjects and departments that mark electives."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, NamedTuple

from validator.model import dataclass
from validator.text import APOSTROPHES, SENTENCE_DASHES

SIGNALS = ("always", "strong", "plain", "weak", "hint")
_OTHERS = {
    "protected": "protected",
    "passed_by": "passed",
    "academic": "academic",
    "career": "career",
    "neutral": "neutral",
}
_ACADEMIC = ("academic", "protected")
_LONGEST = 200
"""Characters of a title that are read."""

_DOTTED = re.compile(r"\b([A-Za-z])\.\s?(?=[A-Za-z]\b)")
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_WORDS = re.compile(r"[a-z]+|[0-9]+|[/|:;()\[\]]|(?<=\s)-+(?=\s)")
_SIGNS = str.maketrans({**dict.fromkeys(SENTENCE_DASHES, " - "), **dict.fromkeys(APOSTROPHES, "")})
_VOWELS = re.compile(r"[aeiouy]")
_DOUBLED = re.compile(r"(.)\1+")


class Phrase(NamedTuple):
    """An entry of the vocabulary: its kind, its category, and its spelling there."""

    kind: str
    category: str
    shown: str
    words: tuple[str, ...]


class Part(NamedTuple):
    """The position of a word in a title: the piece between dashes and brackets, and in it the part
    between slashes.
    """

    piece: int
    slashed: int


class TitleMark(NamedTuple):
    """A phrase of the vocabulary in a title, or an unknown word, and its position."""

    kind: str
    phrase: Phrase | None
    word: str
    part: Part


@dataclass(frozen=True)
class Reading:
    """The elective and academic words of a text.

    signals: category -> weight and deciding words. academic: the academic words, "" if none.
    leaning: words that make an elective more likely but name no category.
    """

    signals: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    academic: str = ""
    leaning: str = ""


@dataclass(frozen=True)
class ElectiveWords:
    """The vocabulary of elective and academic words.

    phrases: first word -> phrases, longest first. spellings: spelling -> word. known: all words.
    telling: words that decide something, sorted. skeletons: consonants -> word.
    """

    phrases: Mapping[str, tuple[Phrase, ...]]
    spellings: Mapping[str, str]
    known: frozenset[str]
    telling: tuple[str, ...]
    skeletons: Mapping[str, str]
    weights: Mapping[str, float]
    remembered: dict[tuple[str, bool], str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> ElectiveWords:
        """The vocabulary in rules/vocabulary/electives.yaml."""
        spellings = {
            str(other): str(word) for word, others in data["spellings"].items() for other in others
        }
        phrases: dict[str, list[Phrase]] = {}
        for phrase in _list_phrases(data, spellings):
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
            skeletons={_reduce_to_consonants(word): word for word in telling if len(word) >= 7},
            weights={kind: float(data["weights"][kind]) for kind in SIGNALS},
        )

    def read(self, text: str) -> Reading:
        """The elective and academic words of a title."""
        marks = self._find_marks(text)
        academic = next(
            (mark.phrase.shown for mark in marks if mark.phrase and mark.kind in _ACADEMIC), ""
        )
        has_career = any(mark.kind == "career" for mark in marks)
        signals: dict[str, tuple[float, str]] = {}
        sure = False
        for place, mark in enumerate(marks):
            if mark.phrase is None or mark.kind not in SIGNALS or _is_cancelled(marks, place):
                continue
            if mark.kind != "always" and (academic or not _decides(marks, place, has_career)):
                continue
            sure = sure or mark.kind == "always"
            weight = self.weights[mark.kind]
            if weight > signals.get(mark.phrase.category, (0.0, ""))[0]:
                signals[mark.phrase.category] = (weight, mark.phrase.shown)
        return Reading(signals, "" if sure else academic)

    def _find_marks(self, text: str) -> list[TitleMark]:
        """Find the words of a course title that mark an elective or a core subject."""
        words, parts = self._split_words(text)
        marks: list[TitleMark] = []
        place = 0
        while place < len(words):
            word = words[place]
            phrase = next(
                (
                    phrase
                    for phrase in self.phrases.get(word, ())
                    if _matches(phrase.words, words[place:], parts[place:])
                ),
                None,
            )
            if phrase:
                marks.append(TitleMark(phrase.kind, phrase, word, parts[place]))
                place += len(phrase.words)
                continue
            is_neutral = len(word) == 1 or word.isdigit()
            kind = "neutral" if is_neutral else "unknown"
            marks.append(TitleMark(kind, None, word, parts[place]))
            place += 1
        return marks

    def _split_words(self, text: str) -> tuple[list[str], list[Part]]:
        """The words in the vocabulary's spelling, and the position of each."""
        words: list[str] = []
        parts: list[Part] = []
        pieces = [*_WORDS.findall(_simplify(text)), ")"]
        part = Part(0, 0)
        for piece, following in zip(pieces, [*pieces[1:], ")"], strict=True):
            if not piece[0].isalnum():
                part = (
                    Part(part.piece, part.slashed + 1) if piece == "/" else Part(part.piece + 1, 0)
                )
            elif piece != "and":
                words.append(self._normalize_word(piece, not following[0].isalnum()))
                parts.append(part)
        return words, parts

    def _normalize_word(self, word: str, last: bool) -> str:
        """Normalize a word of a course title: its known full form, remembered."""
        if (word, last) not in self.remembered:
            self.remembered[word, last] = self._look_up_word(word, last)
        return self.remembered[word, last]

    def _look_up_word(self, word: str, last: bool) -> str:
        """The vocabulary's spelling of a word; only the last word of a part may be cut off."""
        if word in self.spellings:
            return self.spellings[word]
        if word in self.known or len(word) < 4:
            return word
        if (
            word.endswith("s")
            and (single := self.spellings.get(word[:-1], word[:-1])) in self.known
        ):
            return single
        if last and len(word) > 4 and (whole := self._complete_word(word)):
            return whole
        full = self.skeletons.get(_reduce_to_consonants(word), "")
        return full if len(full) > len(word) and _is_subsequence(word, full) else word

    def _complete_word(self, start: str) -> str:
        """Complete an abbreviated word of a course title: its only match, their stem, or "".

        Less than half of the word may be missing.
        """
        first = bisect_left(self.telling, start)
        shortest = self.telling[first] if first < len(self.telling) else ""
        if not shortest.startswith(start) or len(shortest) >= 2 * len(start):
            return ""
        last = bisect_left(self.telling, start + "\x7f")
        return (
            shortest if all(word.startswith(shortest) for word in self.telling[first:last]) else ""
        )


def _list_phrases(data: Mapping[str, Any], spellings: Mapping[str, str]) -> Iterable[Phrase]:
    """Every entry of the vocabulary; of entries with the same words, only the first."""
    entries = [
        (kind, category, text)
        for category, kinds in data["keep_out"].items()
        for kind in SIGNALS
        for text in kinds.get(kind, ())
    ]
    entries += [(kind, "", text) for key, kind in _OTHERS.items() for text in data[key]]
    seen: set[tuple[str, ...]] = set()
    for kind, category, text in entries:
        parts = _WORDS.findall(_simplify(str(text)))
        words = tuple([spellings.get(w, w) for w in parts if w[0].isalnum() and w != "and"])
        if words and words not in seen:
            seen.add(words)
            yield Phrase(kind, str(category), str(text), words)


def _matches(phrase: tuple[str, ...], words: list[str], parts: list[Part]) -> bool:
    """Whether the title continues with the phrase, within one piece; its first word matches."""
    length = len(phrase)
    if length == 1:
        return True
    return tuple(words[:length]) == phrase and parts[0].piece == parts[length - 1].piece


def _is_cancelled(marks: Sequence[TitleMark], place: int) -> bool:
    """Whether the word has another meaning: "of" or "for" and an unknown word follow."""
    following = [mark for mark in marks[place + 1 : place + 4] if mark.word not in ("the", "a")]
    if len(following) < 2:
        return False
    return following[0].word in ("of", "for") and following[1].kind == "unknown"


def _decides(marks: Sequence[TitleMark], place: int, has_career: bool) -> bool:
    """Whether a plain or weak word decides at this place; a strong word always does."""
    mark = marks[place]
    if mark.kind == "strong":
        return True
    if has_career:
        return False
    others = marks if mark.kind in ("weak", "hint") else marks[:place]
    return all(
        other.kind == "neutral" or other.kind in SIGNALS
        for other in others
        if other.part == mark.part
    )


def _simplify(text: str) -> str:
    """Simplify a course title: lower case, no accents; P.E. becomes pe, StudioArt studio art."""
    text = text[:_LONGEST]
    if "." in text:
        text = _DOTTED.sub(r"\1", text)
    if not text.islower():
        text = _INNER_CAPITAL.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_SIGNS))
        text = "".join(c for c in text if not unicodedata.combining(c))
    return text.replace("'", "").casefold()


def normalize_title(text: str) -> str:
    """Normalize a course title: lower case and single blanks, to compare whole titles."""
    return " ".join(str(text).casefold().split())


def _reduce_to_consonants(word: str) -> str:
    """Reduce a word of a course title to its consonants; "" for fewer than four."""
    bones = word[:1] + _VOWELS.sub("", word[1:])
    bones = _DOUBLED.sub(r"\1", bones)
    return bones if len(bones) >= 4 else ""


def _is_subsequence(short: str, long: str) -> bool:
    """Return whether an abbreviation of a course title's word has its letters in order."""
    letters = iter(long)
    return all(letter in letters for letter in short)
