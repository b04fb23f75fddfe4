"""Recognition of electives by title: precision and recall against labels made by hand."""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from validator.rulebook import load
from validator.vocabulary.electives import Verdict

HERE = Path(__file__).parent
SOURCES = (
    ("courses-sced-v12/*.csv", "title"),
    ("courses-edfi-grandbend/courses.csv", "title"),
    ("sis-schedulerv2/*courses*.csv", "name"),
)
KEEP_OUT, ACADEMIC, DOUBTFUL = "keep-out", "academic", "doubtful"
_STEM = re.compile(r"\(.*|—.*|,.*|\b(grades?|[ivx]+|\d+(st|nd|rd|th)?)\b|[^a-z ]", re.ASCII)

Label = tuple[str, str, str]  # title, label, category


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 if the second half is below the promised figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.electives", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder that holds the course lists"
    )
    parser.add_argument(
        "--mistakes", action="store_true", help="list the mistakes of the tuning half"
    )
    parser.add_argument(
        "--doubtful", action="store_true", help="list the titles that are not scored"
    )
    options = parser.parse_args(arguments)
    labels = {folded(title): (title, label, category) for title, label, category in read_labels()}
    titles = sorted(set(read_titles(options.data)))
    unlabelled = [title for title in titles if folded(title) not in labels]
    rows = [labels[key] for key in sorted({folded(title) for title in titles} & set(labels))]
    verdicts, seconds = judged([title for title, _, _ in rows])
    print(f"{len(rows)} titles judged in {seconds:.2f} s; {len(unlabelled)} without a label")
    for half in (1, 2):
        purpose = "tuning" if half == 1 else "for the figure only"
        print(f"\nhalf {half} ({purpose})")
        show(rows, verdicts, half)
    if options.mistakes:
        show_mistakes(rows, verdicts)
    if options.doubtful:
        print(
            "\nnot scored:", *(title for title, label, _ in rows if label == DOUBTFUL), sep="\n  "
        )
    precision, recall = figures(rows, verdicts, 2)
    return 0 if precision >= 0.98 and recall >= 0.90 and not unlabelled else 1


def read_labels() -> list[Label]:
    """The labels made by hand."""
    with (HERE / "elective_labels.csv").open(encoding="utf-8", newline="") as file:
        return [(row["title"], row["label"], row["category"]) for row in csv.DictReader(file)]


def read_titles(data: Path) -> Iterable[str]:
    """Every course title of the lists."""
    for pattern, column in SOURCES:
        for path in sorted(data.glob(pattern)):
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield from (
                    " ".join(row[column].split()) for row in csv.DictReader(file) if row.get(column)
                )


def folded(title: str) -> str:
    """The title without capitals."""
    return title.casefold()


def half_of(title: str) -> int:
    """1 for the tuning half, 2 for the other.

    Titles that differ only in grade or level are in the same half.
    """
    stem = " ".join(_STEM.sub(" ", folded(title)).split()) or folded(title)
    return 1 + hashlib.sha256(stem.encode()).digest()[0] % 2


def judged(titles: Sequence[str]) -> tuple[list[Verdict | None], float]:
    """The verdicts on the titles alone, and the seconds they took."""
    electives = load.load_vocabulary()[1]
    start = time.perf_counter()
    verdicts = electives.judge(titles)
    return verdicts, time.perf_counter() - start


def figures(
    rows: Sequence[Label], verdicts: Sequence[Verdict | None], half: int
) -> tuple[float, float]:
    """Precision and recall of one half; doubtful titles are left out."""
    counts: Counter[tuple[str, bool]] = Counter()
    for (title, label, _), verdict in zip(rows, verdicts, strict=True):
        if half_of(title) == half:
            counts[label, verdict is not None] += 1
    right, wrong, missed = counts[KEEP_OUT, True], counts[ACADEMIC, True], counts[KEEP_OUT, False]
    return right / max(right + wrong, 1), right / max(right + missed, 1)


def show(rows: Sequence[Label], verdicts: Sequence[Verdict | None], half: int) -> None:
    """Print the figures of one half, in all and per category."""
    precision, recall = figures(rows, verdicts, half)
    print(f"  in all             precision {precision:.3f}, recall {recall:.3f}")
    counts: Counter[tuple[str, str, bool]] = Counter()
    named: Counter[tuple[str, str]] = Counter()
    for (name, label, category), verdict in zip(rows, verdicts, strict=True):
        if half_of(name) == half:
            counts[label, category, verdict is not None] += 1
            if verdict:
                named[label, verdict.category] += 1
    for label, category in sorted(
        {(label, category) for label, category, _ in counts}, reverse=True
    ):
        reported = counts[label, category, True]
        total = reported + counts[label, category, False]
        line = f"  {label:9} {category:18} {reported:4} of {total:4} reported"
        if label == KEEP_OUT:
            right, wrong = named[KEEP_OUT, category], named[ACADEMIC, category]
            line += f"; of {right + wrong:3} reported as this, {wrong} academic"
        print(line)


def show_mistakes(rows: Sequence[Label], verdicts: Sequence[Verdict | None]) -> None:
    """Print the mistakes of the tuning half; the other half stays unseen."""
    for (title, label, category), verdict in zip(rows, verdicts, strict=True):
        wrong = (label == KEEP_OUT) != (verdict is not None)
        if wrong and label != DOUBTFUL and half_of(title) == 1:
            print(f"  {label}: {title} [{category}] {verdict.words if verdict else ''}")


if __name__ == "__main__":
    sys.exit(main())
