"""The generator of damages: each damage of an export that a diagnosis must recognize."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.support import damage_columns as columns
from tests.support import damage_ids as ids
from tests.support import damage_rows as rows
from tests.support import damage_texts as texts
from tests.support.damage_kinds import (
    CLEVER_LIKE,
    LINKED,
    ONEROSTER,
    WITH_BIRTHS,
    WITH_COURSES,
    Damage,
    in_half,
)
from tests.support.damage_parts import PARTS
from tests.support.districts import Written, build, copy, write

DAMAGES: tuple[Damage, ...] = (
    Damage("ids-other-case", ids.spoil_ids(ids.to_capitals), ids.LETTERS),
    Damage("ids-with-separators", ids.spoil_ids(ids.write_thousands, ids.insert("-")), ids.NUMBERS),
    Damage(
        "ids-with-prefix",
        ids.spoil_ids(lambda id: f"S{id}", lambda id: f"STU{id}", lambda id: f"{id}@ids.example"),
        ids.NUMBERS,
    ),
    Damage("ids-with-braces", ids.spoil_ids(lambda id: f"{{{id}}}", lambda id: f"[{id}]")),
    Damage(
        "ids-with-lookalikes",
        ids.spoil_ids(lambda id: id.replace("-", "\u2013"), ids.widen),
        ids.DASHED,
    ),
    Damage(
        "ids-composed-differently",
        ids.spoil_ids(lambda id: unicodedata.normalize("NFD", id)),
        ids.ACCENTED,
    ),
    Damage("ids-joined", ids.join_school, formats=WITH_BIRTHS),
    Damage(
        "ids-with-hidden-characters",
        ids.spoil_ids(ids.insert("\u200b"), ids.insert("\u00ad"), lambda id: id + "\u200e"),
    ),
    Damage("ids-without-zeros", ids.spoil_ids(lambda id: id.lstrip("0")), ids.PADDED),
    Damage("ids-cut-to-fifteen-digits", ids.spoil_ids(ids.cut_digits), ids.LONG),
    Damage("ids-in-powers-of-ten", ids.spoil_ids(ids.write_power), ids.NUMBERS),
    Damage("ids-with-apostrophe", ids.spoil_ids(lambda id: f"'{id}")),
    Damage("marks-of-a-converter", ids.spoil_ids(lambda id: f"{id}.0"), ids.NUMBERS),
    Damage("ids-from-another-column", ids.name_another_number, formats=WITH_BIRTHS),
    Damage("several-ids-in-a-cell", ids.put_teachers_in_a_cell, same_lines=False),
    Damage("several-ids-in-a-cell", ids.put_students_in_a_cell, same_lines=False),
    Damage("zero-for-none", ids.write_zero, formats=CLEVER_LIKE),
    Damage("zero-for-none", ids.write_zero, formats=(*LINKED, "canvas"), same_lines=False),
    Damage("teachers-among-students", ids.enroll_teachers),
    Damage(
        "id-of-student-and-teacher",
        ids.double_enrollments,
        ids.share_an_id,
        formats=("clever", "sds", "raw"),
    ),
    Damage("ids-unique-within-school", ids.number_within_schools, inverse=False),
    Damage("files-of-two-exports", ids.keep_one_school, inverse=False),
    Damage("record-left-out", ids.leave_out_school, inverse=False, formats=WITH_BIRTHS),
    Damage(
        "record-left-out",
        prepare=ids.share_courses,
        rewrite=ids.leave_out("courses.csv"),
        formats=WITH_COURSES,
        inverse=False,
    ),
    Damage(
        "record-left-out",
        prepare=ids.share_courses,
        rewrite=ids.leave_out("academicSessions.csv"),
        formats=WITH_COURSES,
        inverse=False,
        least=120,
    ),
    Damage(
        "ids-from-another-column",
        rewrite=ids.rename_demographics,
        formats=WITH_COURSES,
    ),
    Damage(
        "code-page-wrong",
        prepare=texts.add_accents,
        rewrite=texts.encode_otherwise("cp437", "cp850", "mac_roman"),
    ),
    Damage("letters-lost", texts.lose_letters, texts.add_accents, inverse=False),
    Damage("decoded-twice", texts.decode_twice, texts.add_accents),
    Damage("decoded-twice", in_half(texts.decode_twice), texts.add_accents, least=120),
    Damage("escaped-for-html", texts.escape_html, texts.add_apostrophes),
    Damage("escaped-for-sql", texts.escape_sql, texts.add_apostrophes),
    Damage("escaped-for-sql", in_half(texts.escape_sql), texts.add_apostrophes, least=200),
    Damage("escaped-for-web", texts.escape_web, texts.add_accents),
    Damage(
        "quotes-escaped-by-backslash",
        prepare=texts.add_nicknames,
        rewrite=texts.rewrite_cells(texts.escape_by_backslash),
    ),
    Damage("quoted-twice", rewrite=texts.rewrite_cells(texts.quote_twice)),
    Damage(
        "enclosed-in-marks",
        rewrite=texts.rewrite_cells(texts.enclose_in_pipes, header=True),
    ),
    Damage("markers-for-blank", texts.write_marker, texts.add_blanks, formats=WITH_BIRTHS),
    Damage("field-codes-left-in", texts.leave_codes, inverse=False),
    Damage("letters-of-another-alphabet", texts.mix_alphabets),
    Damage(
        "columns-swapped",
        columns.swap(
            ("students", "First_name", "Last_name"),
            ("students", "Student_email", "DOB"),
            ("students", "DOB", "Grade"),
            ("teachers", "Teacher_email", "Last_name"),
        ),
        formats=("clever", "sds", "raw"),
    ),
    Damage(
        "columns-swapped",
        columns.swap(
            ("students", "First_name", "Last_name"),
            ("students", "Student_email", "Student_number"),
            ("teachers", "Teacher_email", "First_name"),
        ),
        formats=WITH_COURSES,
    ),
    Damage(
        "columns-swapped",
        columns.swap(
            ("students", "First_name", "Last_name"),
            ("students", "Student_email", "First_name"),
            ("teachers", "Teacher_email", "First_name"),
        ),
        formats=("canvas",),
    ),
    Damage(
        "columns-swapped",
        columns.swap(
            ("sections", "Term_start", "Term_end"),
            ("enrollments", "Student_id", "Section_id"),
            ("sections", "Section_id", "Teacher_id"),
        ),
        formats=CLEVER_LIKE,
    ),
    Damage(
        "columns-swapped",
        in_half(columns.swap(("students", "First_name", "Last_name"))),
        ids.prepare_once,
        least=120,
    ),
    Damage(
        "columns-swapped",
        in_half(
            columns.swap(
                ("students", "Student_email", "DOB"),
                ("students", "DOB", "Grade"),
            )
        ),
        ids.prepare_once,
        formats=("clever", "sds", "raw"),
    ),
    Damage("names-in-one-column", columns.join_names),
    Damage("addresses-with-prefix", columns.add_address_prefix),
    Damage("addresses-of-an-inside-network", columns.use_inside_network, inverse=False),
    Damage(
        "another-date-as-birth-date",
        columns.change_births(columns.first_day),
        inverse=False,
        formats=WITH_BIRTHS,
    ),
    Damage("dates-of-1904", columns.change_births(columns.of_1904), formats=WITH_BIRTHS),
    Damage(
        "dates-of-1904",
        in_half(columns.change_births(columns.of_1904)),
        ids.prepare_once,
        formats=WITH_BIRTHS,
        least=90,
    ),
    Damage("dates-moved-by-time-zone", columns.move_time_zone, formats=WITH_BIRTHS),
    Damage(
        "dates-from-ages", columns.change_births(columns.of_age), inverse=False, formats=WITH_BIRTHS
    ),
    Damage(
        "one-date-for-all",
        columns.change_births(columns.of_everybody),
        inverse=False,
        formats=WITH_BIRTHS,
    ),
    Damage(
        "marks-of-a-converter",
        columns.change_births(columns.of_a_blank),
        inverse=False,
        formats=WITH_BIRTHS,
    ),
    Damage("grades-not-rolled-over", columns.keep_grades, formats=WITH_BIRTHS),
    Damage(
        "identity-numbers-sent",
        columns.send_identity_numbers("State_id", "Student_number"),
        inverse=False,
        formats=CLEVER_LIKE,
    ),
    Damage(
        "identity-numbers-sent",
        columns.send_identity_numbers("Student_number"),
        inverse=False,
        formats=LINKED,
    ),
    Damage(
        "row-moved-by-a-comma",
        prepare=rows.add_suffixes,
        rewrite=rows.move_rows,
        formats=WITH_BIRTHS,
    ),
    Damage("file-cut-off", rewrite=rows.cut_off, inverse=False),
    Damage(
        "last-years-rows",
        rows.take_last_year,
        rows.date_enrollments,
        inverse=False,
        formats=(*ONEROSTER, "raw", "canvas"),
    ),
    Damage("withdrawn-left-in", rows.leave_withdrawn, inverse=False, least=120),
    Damage(
        "withdrawn-left-in", rows.leave_withdrawn, rows.keep_one_section, inverse=False, least=120
    ),
    Damage("dead-records", rows.mark_dead, same_lines=False),
    Damage("left-out-by-the-map", rows.withdraw, ids.prepare_once, inverse=False, formats=("raw",)),
    Damage("organization-is-district", rewrite=rows.belong_to_district, formats=WITH_COURSES),
    Damage("sections-at-another-school", rows.move_sections, ids.prepare_once, formats=WITH_BIRTHS),
    Damage(
        "organization-is-district",
        rows.move_to_district,
        ids.prepare_once,
        formats=("clever", "sds", "raw"),
    ),
    *PARTS,
)


@dataclass(frozen=True)
class Sample:
    """An undamaged district and the same with damages, in one format."""

    format: str
    clean: Written
    damaged: Written


def plant(
    damages: Sequence[Damage],
    format: str,
    *,
    seed: int,
    students: int,
    faults: Sequence[str] = (),
) -> Sample:
    """Return a random district, which may have ordinary faults, without and with these damages."""
    rng = Random(f"{seed} {format} {students}")
    least = max((damage.least for damage in damages), default=0)
    district = build(rng, max(students, least), faults)
    for damage in damages:
        district = damage.prepare(rng, district)
    clean = write(copy(district), format)
    for damage in damages:
        district = damage.spoil(rng, district)
    damaged = write(district, format)
    for damage in damages:
        if damage.rewrite is not None:
            damaged = damage.rewrite(rng, damaged)
    return Sample(format, clean, damaged)
