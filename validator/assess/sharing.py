"""Preview what sharing rules would share of an export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from validator import __version__
from validator.assess.inputs import find_default_profile, load_column_map, load_sharing
from validator.assess.options import Progress
from validator.engine import run
from validator.engine.report import RunInfo, build_report
from validator.ingest import read
from validator.ingest.normalize.assignments import leave_out_ended
from validator.model import BadUsage, Export, Profile
from validator.rulebook import load
from validator.sharing import preview, suggest
from validator.vocabulary.electives import Electives

NOTHING_ASKED = (
    "give the sharing rules with --sharing FILE, or what they are for with --target "
    "grades=3-8,subject=math"
)


def preview_sharing(
    paths: Sequence[Path],
    *,
    as_of: dt.date,
    sharing: Path | None = None,
    target: str = "",
    profile: str | Path = "",
    columns: str | Path | None = None,
    progress: Progress | None = None,
) -> preview.Preview:
    """The library call behind `sharing`: preview a sharing file, or the rule for a target, or both.

    `columns`: the column map of a raw export, by id or as a file. Raises BadUsage and CannotRead.
    """
    grades, electives = load.load_vocabulary()
    subjects = load.load_subjects()
    rule = load_sharing(sharing, grades)
    wanted = suggest.parse(target, grades, subjects) if target else None
    if rule is None and wanted is None:
        raise BadUsage(NOTHING_ASKED)
    wanted = wanted or (rule.target if rule else None)
    export = read.read_export(paths, progress=progress, columns=load_column_map(columns))
    export = leave_out_ended(export, as_of)
    if "sections" not in export.tables:
        raise BadUsage("this export has no list of sections, so sharing cannot be previewed")
    grades = replace(grades, source=export.format)
    loaded = load.load_profile(profile or find_default_profile(export.format), export.format)
    likely = find_electives(export, loaded, electives)
    suggestion = None
    if wanted:
        suggestion = suggest.suggest(
            wanted, export, grades, electives=likely, vocabulary=subjects, today=as_of
        )
        rule = rule or suggestion.rule
    assert rule is not None
    rule = replace(rule, target=wanted)
    about = build_report(export, [], [loaded], info=RunInfo(as_of=as_of, version=__version__))
    return preview.preview(rule, grades, electives=likely, suggestion=suggestion, about=about)


def find_electives(export: Export, profile: Profile, electives: Electives) -> np.ndarray:
    """Judge by the profile's rule which sections are electives, for the sharing library call."""
    sections, rule = export.tables["sections"], profile.rules["section-elective"]
    finding = run.call_check(
        rule,
        sections,
        electives=electives,
        accept_sections=profile.accept_sections,
        reject_sections=profile.reject_sections,
    )
    mask = np.zeros(len(sections), bool)
    for block in finding.places:
        if block.rows is not None:
            mask[block.rows] = True
    return mask
