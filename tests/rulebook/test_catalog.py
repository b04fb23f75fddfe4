"""The catalog of rules: every promised id is in the rule book and has cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from validator.rulebook import load, yaml

CASES = Path(__file__).resolve().parents[1] / "cases"

CATALOG = {
    "files and text": """
        file-missing file-unexpected file-name-differs file-empty file-not-text file-not-utf8
        file-bom file-delimiter file-line-endings file-old header-missing header-repeated
        header-spelling header-hidden-characters header-unknown column-missing
        column-recommended-missing row-wrong-length quote-unclosed value-line-break rows-blank
        rows-repeated-header row-footer value-control-characters value-edge-spaces
        value-hidden-characters value-double-encoded value-truncated spreadsheet-id-damage
        spreadsheet-date-damage""",
    "identity and references": """
        id-missing id-repeated student-id-repeated student-contacts-many student-number-repeated
        username-repeated staff-id-repeated teacher-on-several-rows person-under-two-ids
        school-unknown teacher-unknown section-unknown student-unknown enrollment-repeated
        enrollment-school-differs student-section-school-differs teacher-section-school-differs
        school-without-students school-without-sections
        row-repeated""",
    "students": """
        student-email-missing student-email-invalid student-email-several student-email-repeated
        student-email-also-adult student-email-outside-district student-dob-missing
        student-dob-invalid student-dob-ambiguous student-dob-placeholder student-age-unlikely
        student-under-13 student-without-section student-grade-missing student-grade-unknown
        student-grade-outside-k12 student-grade-outside-school student-grade-differs-section
        student-name-missing student-name-placeholder student-name-characters
        student-demographics-value""",
    "teachers and staff": """
        teacher-email-missing teacher-email-invalid teacher-email-several
        teacher-email-outside-district teacher-email-repeated teacher-also-staff
        teacher-without-section teacher-only-electives teacher-placeholder staff-missing
        staff-email-missing staff-email-invalid staff-email-several staff-email-repeated
        staff-email-outside-district staff-title-missing staff-role-value""",
    "sections, terms, co-teachers": """
        section-without-teacher section-without-primary-teacher section-too-many-teachers
        section-teacher-gap section-teacher-twice section-co-taught sections-same-students
        section-without-students section-too-large section-too-small section-elective
        section-subject-missing section-subject-value section-grade-unknown section-grade-several
        section-name-missing section-name-repeated section-term-missing section-term-invalid
        section-term-over section-term-future student-course-twice teacher-period-twice""",
    "sharing": """
        shared-everything shared-elective shared-outside-target shared-static shared-no-staff
        shared-staff-many shared-sensitive password-column shared-over-license
        student-not-shared""",
    "against the previous export": """
        change-deletes-many change-updates-many change-file-dropped change-not-compared
        change-header change-id change-id-reused change-section-id-reused change-new-teachers
        change-students-leaving change-merge-likely""",
    "OneRoster": """
        header-order manifest-missing manifest-version manifest-value value-not-allowed grade-code
        boolean-value date-value status-in-bulk status-missing-in-delta record-to-be-deleted
        user-without-role user-disabled-enrolled role-differs org-unknown org-type-differs
        parent-unknown session-unknown session-dates course-unknown demographics-unknown-user
        demographics-missing""",
    "a district's own pack": "waiver-expired",
}
"""The ids, by part of the catalog."""

PROMISED = [
    pytest.param(name, id=f"{part}: {name}")
    for part, names in CATALOG.items()
    for name in names.split()
]


@pytest.fixture(scope="module")
def known() -> set[str]:
    """The ids of the rule book."""
    return {rule.id for rule, _ in load.list_rules()}


@pytest.mark.parametrize("name", PROMISED)
def test_the_rule_is_in_the_rule_book_and_has_cases(name: str, known: set[str]) -> None:
    assert name in known
    cases = yaml.load_plain(CASES / f"{name}.yaml", name)["cases"]
    assert any("finds" in case for case in cases)
    assert any("quiet" in case for case in cases)


def test_no_id_is_promised_twice() -> None:
    names = [name for names in CATALOG.values() for name in names.split()]
    assert len(names) == len(set(names))
