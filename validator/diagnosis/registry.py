"""All hypotheses by id; a new one is one function and one line here."""

from __future__ import annotations

from collections.abc import Iterable

from validator.diagnosis.forms import FORMS
from validator.diagnosis.hypotheses import (
    addresses,
    columns,
    converter,
    cut_off,
    dates,
    enrolled_teachers,
    enrollment_dates,
    escapes,
    grades,
    id_affixes,
    id_fillers,
    id_forms,
    id_parts,
    id_sources,
    identity_numbers,
    letters,
    lost_letters,
    made_up_dates,
    markers,
    names,
    quoted_twice,
    reading,
    records,
    rows,
    section_schools,
    whole_files,
)
from validator.diagnosis.hypothesis import Hypothesis, Suspicion
from validator.diagnosis.scene import Scene


def _suspect_nothing(scene: Scene) -> Iterable[Suspicion]:
    """Suspect nothing: the first hypothesis of the family covers this damage, too."""
    return ()


FIRST_FORM, *OTHER_FORMS = FORMS

HYPOTHESES: dict[str, Hypothesis] = {
    hypothesis.id: hypothesis
    for hypothesis in (
        Hypothesis("quoted-twice", quoted_twice.suspect_quoted_twice, -9),
        Hypothesis("enclosed-in-marks", reading.suspect_enclosed, -8),
        Hypothesis("quotes-escaped-by-backslash", reading.suspect_backslashes, -8),
        Hypothesis("code-page-wrong", letters.suspect_wrong_code_page, -7),
        Hypothesis("decoded-twice", letters.suspect_decoded_twice, -7),
        Hypothesis("escaped-for-html", escapes.suspect_html, -6),
        Hypothesis("escaped-for-web", escapes.suspect_web, -6),
        Hypothesis("escaped-for-sql", escapes.suspect_sql, -6),
        Hypothesis("markers-for-blank", markers.suspect_markers, -5),
        Hypothesis("field-codes-left-in", markers.suspect_field_codes, -4),
        Hypothesis("letters-lost", lost_letters.suspect_lost_letters, -4),
        Hypothesis("letters-of-another-alphabet", letters.suspect_other_alphabet, -3),
        Hypothesis(FIRST_FORM, id_forms.suspect_forms, 1),
        *(Hypothesis(form, _suspect_nothing, 2 + at) for at, form in enumerate(OTHER_FORMS)),
        Hypothesis("ids-joined", id_parts.suspect_joined, 15),
        Hypothesis("ids-from-another-column", id_sources.suspect_another_column, 20),
        Hypothesis("several-ids-in-a-cell", id_sources.suspect_lists, 20),
        Hypothesis("zero-for-none", id_fillers.suspect_fillers, 20),
        Hypothesis("teachers-among-students", enrolled_teachers.suspect_teachers_enrolled, 20),
        Hypothesis("id-of-student-and-teacher", enrolled_teachers.suspect_shared_ids, 20),
        Hypothesis("sections-at-another-school", section_schools.suspect_moved_sections, 50),
        Hypothesis("ids-with-prefix", id_affixes.suspect_affixes, 25),
        Hypothesis("last-years-rows", enrollment_dates.suspect_last_years_rows, 60),
        Hypothesis("withdrawn-left-in", enrollment_dates.suspect_withdrawn_left_in, 60),
        Hypothesis("ids-unique-within-school", whole_files.suspect_unique_within_school, 30),
        Hypothesis("files-of-two-exports", whole_files.suspect_two_exports, 70),
        Hypothesis("record-left-out", whole_files.suspect_record_left_out, 60),
        Hypothesis("addresses-with-prefix", addresses.suspect_wrapped, 15),
        Hypothesis("addresses-of-an-inside-network", addresses.suspect_inside_network, 40),
        Hypothesis("names-in-one-column", names.suspect_one_column, 20),
        Hypothesis("columns-swapped", columns.suspect_swapped, 22),
        Hypothesis("dates-moved-by-time-zone", dates.suspect_time_zone, 30),
        Hypothesis("dates-of-1904", dates.suspect_1904, 31),
        Hypothesis("marks-of-a-converter", converter.suspect_converter, 32),
        Hypothesis("one-date-for-all", made_up_dates.suspect_one_date, 33),
        Hypothesis("dates-from-ages", made_up_dates.suspect_ages, 34),
        Hypothesis("another-date-as-birth-date", made_up_dates.suspect_another_date, 35),
        Hypothesis("grades-not-rolled-over", grades.suspect_not_rolled_over, 36),
        Hypothesis("identity-numbers-sent", identity_numbers.suspect_identity_numbers, 80),
        Hypothesis("row-moved-by-a-comma", rows.suspect_moved, 21),
        Hypothesis("file-cut-off", cut_off.suspect_cut_off, 65),
        Hypothesis("left-out-by-the-map", records.suspect_left_out, 80),
        Hypothesis("dead-records", records.suspect_dead, 80),
        Hypothesis("organization-is-district", records.suspect_district, 40),
    )
}
"""`order`: changes of form before changes of meaning, causes without an inverse last."""
