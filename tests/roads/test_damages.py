"""Damages planted by a program that knows no hypothesis: the right diagnosis, no other, undone.

DAMAGES=N in the environment judges N districts of 60 to 6,000 students for each damage and format,
and prints the rates.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import pytest

from tests.support.damage_kinds import Damage
from tests.support.damage_pairs import PAIRS
from tests.support.damages import DAMAGES, Sample, plant
from tests.support.districts import (
    ORDINARY,
    WRITERS,
    Written,
    build,
    judge,
    list_findings,
    map_raw,
    write,
)
from tests.support.mending import Copy, mend, plain, read_records
from tests.support.mending import write as write_files
from validator import frame
from validator.assess import Options, assess
from validator.diagnosis.registry import HYPOTHESES
from validator.model import Export, Report
from validator.rulebook import diagnoses, repairs

ROUNDS = int(os.environ.get("DAMAGES", "0"))
LEAST_RATE = 0.97
PROFILE = "khan-academy"
ROSTERS = 300 if ROUNDS else 40


def name(damages: Sequence[Damage], format: str) -> str:
    """Return the name of a sample in the list of tests."""
    return "+".join(damage.id for damage in damages) + f"-{format}"


def list_mended() -> Iterator[tuple[Damage, str]]:
    """Yield each damage in one of its formats, in turn; every third one not in its first."""
    for at, damage in enumerate(DAMAGES):
        others = damage.formats[1:]
        if others and at % 3 == 0:
            yield damage, others[at // 3 % len(others)]
        else:
            yield damage, damage.formats[at % len(damage.formats)]


MENDED = list(list_mended())
ALONE = [(damage, damage.formats[0]) for damage, format in MENDED if format != damage.formats[0]]
"""Each damage in its first format, if it is not mended in it."""

SIZES = dict(zip(WRITERS, (190, 70, 130, 250, 300, 70, 130), strict=True))
"""Format -> students of the district in which one damage is planted."""

LOST = {"code-page-wrong": "letters-lost"}
"""Damage -> what is left for a person where it lost something, such as letters of no code page."""

MADE_UP = "Username"
"""The generator makes it of the id, also of a damaged one."""


def describe(report: Report) -> list[tuple[str, bool, str]]:
    """Return the id, certainty and evidence of each diagnosis."""
    return [(each.id, each.sure, each.evidence) for each in report.diagnoses]


def is_recognized(report: Report, damages: Sequence[Damage]) -> bool:
    """Return whether all these damages are diagnosed for sure, and nothing else is."""
    return {each.id for each in report.diagnoses if each.sure} == {each.id for each in damages}


def test_every_hypothesis_has_a_damage() -> None:
    assert {damage.id for damage in DAMAGES} == set(HYPOTHESES)


@pytest.mark.parametrize(
    ("damage", "format"), ALONE, ids=[name([damage], format) for damage, format in ALONE]
)
def test_a_damage_alone_is_recognized_and_explains_what_it_caused(
    damage: Damage, format: str
) -> None:
    check([damage], format, seed=1, students=SIZES[format])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("damage", "format"), MENDED, ids=[name([damage], format) for damage, format in MENDED]
)
def test_a_damage_is_recognized_and_undone_or_left_for_a_person(
    damage: Damage, format: str, tmp_path: Path
) -> None:
    sample = plant([damage], format, seed=1, students=SIZES[format])
    copy = mend_sample(sample, damage, tmp_path)

    check_report(copy.before, sample, [damage])
    if diagnoses.load_texts()[damage.id].safe:
        clean = judge_clean(frozenset(sample.clean.files.items()), format).export
        assert list_records(copy.undone[-1]) == list_records(clean)
    mended, wanted = (plain(read_records(it)) for it in (copy.files, sample.clean.files))
    if mended != wanted:
        assert {damage.id, LOST.get(damage.id)} & copy.left, "neither mended nor left for a person"


def mend_sample(sample: Sample, damage: Damage, folder: Path) -> Copy:
    """Mend a damaged district in a folder; what has to be asked for is asked for."""
    options = dict(sample.damaged.options)
    if options.get("format") == "sis":
        options["columns"] = write_files(folder / "map", {"map.yaml": map_raw()}) / "map.yaml"
    asked = repairs.load_kinds()[damage.id].asked
    return mend(
        folder,
        sample.damaged.files,
        only=[damage.id] if asked else [],
        judged=False,
        profiles=[PROFILE],
        **options,
    )


def list_records(export: Export) -> dict[tuple[str, str], list[str]]:
    """Return the values of each column of the roster; columns without any value are left out."""
    values = {
        (name, column): frame.take_text(table, column, np.arange(len(table)))
        for name, table in export.tables.items()
        for column in table.rows.columns
        if column != MADE_UP
    }
    return {where: texts for where, texts in values.items() if any(texts)}


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=[name(pair, "clever") for pair in PAIRS])
def test_two_damages_are_told_apart(first: Damage, second: Damage) -> None:
    check([first, second], "clever", seed=2, students=120)


@pytest.mark.parametrize("damage", DAMAGES[::5], ids=lambda damage: str(damage.id))
def test_a_damage_among_ordinary_faults_is_recognized(damage: Damage) -> None:
    faults = Random(damage.id).sample(ORDINARY, 6)
    check([damage], damage.formats[0], seed=3, students=250, faults=faults)


def check(
    damages: Sequence[Damage],
    format: str,
    *,
    seed: int,
    students: int,
    faults: Sequence[str] = (),
) -> None:
    """Check that the damages are recognized and that all of their findings are explained."""
    sample = plant(damages, format, seed=seed, students=students, faults=faults)
    check_report(judge(sample.damaged, PROFILE), sample, damages)


def check_report(report: Report, sample: Sample, damages: Sequence[Damage]) -> None:
    """Check that a report has these diagnoses for sure, and that they explain what is new in it."""
    assert is_recognized(report, damages), describe(report)
    if all(damage.inverse for damage in damages):
        lines = all(damage.same_lines for damage in damages)
        clean = judge_clean(frozenset(sample.clean.files.items()), sample.format)
        assert not clean.diagnoses
        assert list_findings(report, lines=lines) == list_findings(clean, lines=lines)


@cache
def judge_clean(files: frozenset[tuple[str, bytes]], format: str) -> Report:
    """Return the report on an undamaged district, which several damages share."""
    options = {"format": "sis"} if format == "raw" else {}
    return judge(Written(dict(sorted(files)), options), PROFILE)


@pytest.mark.skipif(not ROUNDS, reason="DAMAGES=N judges N districts for each damage and format")
@pytest.mark.parametrize("format", WRITERS)
def test_nearly_all_damages_are_recognized_and_none_is_mistaken_for_another(format: str) -> None:
    missed, mistaken, total = Counter[str](), [], 0
    for damage in DAMAGES:
        for seed in range(ROUNDS if format in damage.formats else 0):
            rng = Random(f"{seed} {damage.id} {format}")
            students = round(60 * 100 ** (rng.random() ** 2))
            faults = rng.sample(ORDINARY, 5) if seed % 3 == 2 and students >= 250 else []
            sample = plant([damage], format, seed=seed, students=students, faults=faults)
            report = judge(sample.damaged, PROFILE)
            total += 1
            sure = {each.id for each in report.diagnoses if each.sure}
            missed[damage.id] += damage.id not in sure
            if sure - {damage.id}:
                mistaken.append((damage.id, seed, sorted(sure)))
    print(format, total, {damage: count for damage, count in missed.items() if count})
    assert not mistaken
    assert missed.total() <= (1 - LEAST_RATE) * total


@pytest.mark.parametrize("part", range(4))
def test_ordinary_faults_are_no_diagnosis(part: int) -> None:
    for seed in range(part * ROSTERS // 4, (part + 1) * ROSTERS // 4):
        rng = Random(seed)
        faults = rng.sample(ORDINARY, rng.randrange(1, len(ORDINARY)))
        district = build(rng, rng.randrange(200, 600), faults)
        format = rng.choice(list(WRITERS))
        report = judge(write(district, format), PROFILE)
        assert not report.diagnoses, (seed, format, describe(report))


READY = Path(__file__).resolve().parents[2] / "sample_data" / "ready"


@pytest.mark.parametrize("profile", ["clever", "khan-academy", "freckle"])
def test_the_ready_sample_has_no_diagnosis(profile: str) -> None:
    report = assess([READY], Options(profiles=[profile], as_of=dt.date(2026, 11, 16)))
    assert not report.diagnoses


KNOWN = {
    "clever-gen-pinecreek-seq": {"ids-unique-within-school"},
    "clever-demo-trim-2026": {"files-of-two-exports"},
    "remind-roster-2019": {"one-date-for-all"},
}
"""Damages of public rosters: sections are numbered in each school, the students were cut down to a
few, and all 309 students have one birth date."""


def test_public_rosters_have_no_diagnosis_but_the_known_ones(real_data: Path) -> None:
    for folder in sorted(path for path in real_data.iterdir() if path.is_dir()):
        if folder.name.startswith(("courses", "sis")):  # no rosters, or in need of a column map
            continue
        report = assess([folder], Options(as_of=dt.date(2025, 1, 15)))
        diagnosed = {each.id for each in report.diagnoses}
        assert diagnosed == KNOWN.get(folder.name, set()), (folder.name, describe(report))
