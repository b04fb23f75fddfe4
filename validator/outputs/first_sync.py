"""The forecast of a first sync in words and tables, for every output; counts first."""

from __future__ import annotations

from validator import wording
from validator.model import AppForecast, Bound, GradeRow

NO_ADDRESS = "no e-mail address. The app finds people by address, so there is no way in"

MANY = 8
"""From this many classes on, teachers share one number."""


def list_sentences(app: AppForecast) -> list[str]:
    """Render the forecast of an app's first sync as sentences, one fact each."""
    return [
        *_describe_teachers(app),
        *_describe_students(app),
        *_describe_administrators(app),
        *_describe_classes(app),
        *_describe_licenses(app),
        *_describe_facts(app),
    ]


def _count(number: int | Bound, plural: str) -> str:
    """Render a count in the first-sync report: `1 student`, `fewer than 10 students`."""
    if isinstance(number, int):
        return wording.format_count(number, plural)
    words = "more than" if number.is_lower else "fewer than"
    return f"{words} {wording.format_number(number.limit)} {plural}"


def _capitalize(text: str) -> str:
    """Render a sentence of the first-sync report with a capital letter."""
    return text[0].upper() + text[1:]


def _choose_verb(number: int | Bound) -> str:
    """Render `is` or `are` in the first-sync report."""
    return "is" if number == 1 else "are"


def _describe_teachers(app: AppForecast) -> list[str]:
    """Render the sentences of the first-sync report about teachers."""
    sentences = [f"{_count(app.teachers, 'teachers')} would get an account."]
    sentences += _describe_left_out(app, "teachers")
    if app.mails is not None:
        sentences.append(
            f"{_count(app.mails, 'welcome e-mails')} would go out to teachers right away, without "
            "anybody pressing a button."
        )
    if app.only_electives:
        also = " and a welcome e-mail" if app.mails is not None else ""
        teachers = _count(app.only_electives, "teachers")
        verb = "teaches" if app.only_electives == 1 else "teach"
        sentences.append(f"{teachers} would get an account{also} but {verb} only electives.")
    if app.without_address:
        have = "has" if app.without_address == 1 else "have"
        teachers = f"{_count(app.without_address, 'teachers')} {have}"
        if app.finds_by_address("teachers"):
            sentences.append(f"{teachers} {NO_ADDRESS}.")
        else:
            sentences.append(f"{teachers} no e-mail address and would get no message.")
    return sentences


def _describe_left_out(app: AppForecast, kind: str) -> list[str]:
    """Render the sentence of the first-sync report about people whose rows are dropped."""
    count = app.left_out.get(kind, 0)
    if not count:
        return []
    who = _count(count, kind)
    if count == 1:
        return [f"{who} is on a row that the destination does not accept, and would get none."]
    return [f"{who} are on rows that the destination does not accept, and would get none."]


def _describe_students(app: AppForecast) -> list[str]:
    """Render the sentences of the first-sync report about students."""
    sentences = [f"{_count(app.students, 'students')} would get an account."]
    sentences += _describe_left_out(app, "students")
    if app.without_section:
        are = "is" if app.without_section == 1 else "are"
        students = _count(app.without_section, "students")
        sentences.append(f"{students} {are} in no section.")
    if app.students_without_address and app.finds_by_address("students"):
        have = "has" if app.students_without_address == 1 else "have"
        students = _count(app.students_without_address, "students")
        sentences.append(f"{students} {have} {NO_ADDRESS}.")
    if app.age is not None and app.unknown < app.students:
        sentences.append(
            f"{_capitalize(_count(app.under, 'students'))} {_choose_verb(app.under)} under "
            f"{app.age}. "
            f"{app.facts['under-age'].says}"
        )
    if app.age is not None and app.unknown:
        have = "has" if app.unknown == 1 else "have"
        students = _count(app.unknown, "students")
        sentences.append(f"{students} {have} no birth date, so the app cannot tell the age.")
    if "grade-other" in app.facts and app.other_grades:
        students = _count(app.other_grades, "students")
        says = app.facts["grade-other"].says
        are = _choose_verb(app.other_grades)
        sentences.append(f"{_capitalize(students)} {are} in grades outside K-12. {says}")
    return sentences


def _describe_administrators(app: AppForecast) -> list[str]:
    """Render the sentences of the first-sync report about administrators."""
    fact = app.facts.get("admin-dashboard")
    if fact is None:
        return []
    if not app.administrators:
        return ["Nobody is shared as staff, so nobody gets the administrator dashboards."]
    people = _count(app.administrators, "staff members")
    return [f"{people} would get the administrator dashboards. {fact.says}"]


def _describe_classes(app: AppForecast) -> list[str]:
    """Render the sentences of the first-sync report about classes."""
    classes = app.classes
    sentences = [f"{_count(classes.sections, 'classes')}, one for each section."]
    if classes.per_teacher:
        most = max(classes.per_teacher)
        teachers = _count(classes.per_teacher[most], "teachers")
        sentences.append(f"Up to {_count(most, 'classes')} for one teacher ({teachers}).")
    if classes.over:
        are = "is" if classes.over == 1 else "are"
        sentences.append(f"{_count(classes.over, 'classes')} {are} of a term that is over.")
    if classes.later and classes.later < classes.sections:
        have = "has" if classes.later == 1 else "have"
        sentences.append(f"{_count(classes.later, 'classes')} {have} not begun yet.")
    if classes.empty:
        have = "has" if classes.empty == 1 else "have"
        sentences.append(f"{_count(classes.empty, 'classes')} {have} no students.")
    if classes.same_students:
        sentences.append(
            f"{_count(classes.same_students, 'classes')} have nearly the same students as another "
            f"one: {_count(classes.groups, 'groups')} of students, each several times over."
        )
    return [*sentences, *_describe_co_teachers(app)]


def _describe_co_teachers(app: AppForecast) -> list[str]:
    """Render the sentences of the first-sync report about co-teachers."""
    classes = app.classes
    if not classes.co_taught:
        return []
    have = "has" if classes.co_taught == 1 else "have"
    sentences = [
        f"{_count(classes.co_taught, 'classes')} {have} co-teachers "
        f"({_count(classes.co_teachers, 'teachers')})."
    ]
    fact = app.facts.get("co-teacher-reports")
    if fact is not None:
        sentences.append(f"For these classes they are missing from {fact.value}.")
        if classes.never_primary:
            are = "is" if classes.never_primary == 1 else "are"
            teachers = _count(classes.never_primary, "teachers")
            sentences.append(f"{teachers} {are} never the primary teacher, so in none of these.")
    return sentences


def _describe_licenses(app: AppForecast) -> list[str]:
    """Render the sentence of the first-sync report about licenses."""
    left = app.licenses_left
    if left is None or app.licenses is None:
        return []
    used = f"{wording.format_number(app.students)} of {_count(app.licenses, 'licenses')} used"
    if left < 0:
        return [f"{used}: {wording.format_number(-left)} too few."]
    return [f"{used}, {wording.format_number(left)} left."]


def _describe_facts(app: AppForecast) -> list[str]:
    """Render the sentences of the first-sync report that an app's pack has, with numbers."""
    figures = {
        "sections": _count(app.classes.sections, "classes"),
        "students": _count(app.several_teachers, "students with several teachers"),
        "groups": _describe_groups(app),
    }
    sentences = []
    for name in ("locked-rosters", "transfers", "flexible-groups"):
        fact = app.facts.get(name)
        if fact is not None and fact.says:
            sentences.append(fact.says.format_map(figures))
    return sentences


def _describe_groups(app: AppForecast) -> str:
    """Render the sentence of the first-sync report about groups with several classes."""
    if app.classes.groups:
        return f"In this export, {_count(app.classes.groups, 'groups')} of students have several."
    return "In this export, no group of students has a second section."


def list_headings(app: AppForecast) -> list[str]:
    """Render the headings of the forecast's table of grades."""
    return (
        ["grade", "students"]
        if app.age is None
        else ["grade", "students", f"under {app.age}", "no birth date"]
    )


def list_rows(app: AppForecast) -> list[list[str]]:
    """Render the forecast's table of grades, youngest first."""
    return [_build_row(row, app) for row in app.grades]


def _build_row(row: GradeRow, app: AppForecast) -> list[str]:
    """Render a grade as a row in the first-sync report's table."""
    name = row.grade or "no known grade"
    shown = f"{name} (shown as Other)" if row.other else name
    cells = [shown, _write(row.students)]
    return cells if app.age is None else [*cells, _write(row.under), _write(row.unknown)]


def _write(number: int | Bound) -> str:
    """Render a number as a cell in the tables of the first-sync report."""
    return wording.format_number(number) if isinstance(number, int) else str(number)


def list_classes_per_teacher(app: AppForecast) -> list[tuple[str, int]]:
    """Render how many teachers have one class, two classes, and so on."""
    counts = app.classes.per_teacher
    few = [(_count(number, "classes"), counts[number]) for number in counts if number < MANY]
    many = sum(teachers for number, teachers in counts.items() if number >= MANY)
    return [*few, (f"{MANY} classes or more", many)] if many else few


def describe_classes_per_teacher(app: AppForecast) -> str:
    """Render as a sentence how many teachers have one class, two classes, and so on; "" for none.

    `12 teachers have 2 classes, 16 have 3 classes and 1 has 4 classes.`
    """
    parts: list[str] = []
    for label, teachers in list_classes_per_teacher(app):
        who = wording.format_number(teachers) if parts else _count(teachers, "teachers")
        parts.append(f"{who} {'has' if teachers == 1 else 'have'} {label}")
    return f"{wording.join_words(parts)}." if parts else ""
