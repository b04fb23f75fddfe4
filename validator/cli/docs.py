"""Write the generated pages of docs/: `python -m validator.cli.docs`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from validator import resources, wording
from validator.cli import exit_codes
from validator.ingest.formats import registry
from validator.model import DEPARTURES, Acceptance, BadUsage, Format
from validator.rulebook import diagnosis_pages, fix_routes, load, repair_pages
from validator.rulebook.pages import describe_level, list_facts, read_examples
from validator.rulebook.versions import RuleVersions

FOLDER = Path(__file__).resolve().parents[2] / "docs"
MADE = "<!-- Written by `python -m validator.cli.docs` from {source}; edit those instead. -->"
OWN_TEXTS = "rules/ and validator/cli/"

LEVELS = """Rule ids are public: reports, waivers and districts' own packs use them. Levels:
**blocker** = the record is dropped, the upload fails or someone cannot sign in; **warning** =
something will work incorrectly or confuse people; **advice** = good to know; **fact** = true of
every healthy district, never counted."""

ACCEPTANCE = """READY means that the destination accepts the files exactly as they are. Reading is
more generous than that, so that one bad column name does not hide everything else; the verdict is
the destination's. For each way in which files may differ from their format, these tables say what
the destination does:

- **takes**: harmless; advice at most.
- **drops**: the column, row or file counts as absent. A required column under another name is a
  blocker. An optional one is a warning, and a blocker where the chosen app finds people by it. Its
  values are checked all the same.
- **refuses**: the upload stops; a blocker for every app.
- **undocumented**: no source says it, or sources disagree; a warning at most, unless an app's own
  rules say more, or the rows cannot be used in any case (an empty required file, a row that cannot
  be read completely). Write the safe form.

If a required file or column is missing entirely, if a file is not text, or if it has no column
names, other problems cannot be seen. Unless something worse is found, the verdict is *could not
tell* (exit code 3), and nobody is counted as ready. A file or column under a name that the
destination does not accept is *not ready* (exit code 1), and so is a missing column by which the
chosen app finds people.

Raw exports of a student information system and workbooks are not uploaded as they are. Their names,
headings, separators and encoding are not judged; their values, references and people are. A folder
or a zip is judged by its files."""

DIAGNOSES = """A diagnosis names what happened to a file: one cause behind many findings, with the
evidence in numbers. It is certain where undoing the damage makes the findings vanish and breaks
nothing, or where the values themselves prove it; else it is shown as possible and explains nothing.
What it explains is not counted again: the diagnosis counts once, at the worst level of itself and
of the findings that it explains. People whom those findings hold back stay held back."""

REPAIRS = """What [`rosterready mend`](mend.md) can fix, and what it proves before it does."""

SAFE = """Each undoes a diagnosis ([diagnoses.md](diagnoses.md)) and is made where the diagnosis is
certain."""

ASKED = """They change what a file says, or there is nothing to undo and a person has to correct the
export. Where a program can undo the damage, `--only KIND` does."""

EXIT_CODES = """## Exit codes

The first that applies:

| code | when |
|---|---|
| 130 | stopped with Ctrl-C |
| 2 | wrong usage, a bad pack, or a report folder that cannot be written; found before reading |
| 4 | a rule or the program failed, the disk is full, or a file changed while it was read |
| 1 | a finding at or above `--fail-on` that the district has not accepted |
| 3 | could not tell whether the export is ready, or nothing readable was given |
| 0 | otherwise |

`--fail-on never` gives 0 instead of 1, and instead of 3 unless nothing could be read. `demo` always
runs this way. With code 4, all reports that can be written are written.

## Environment

`NO_COLOR` turns colors off. `SOURCE_DATE_EPOCH` fixes the date and leaves the time out of the
reports, so that two runs write the same bytes. The summary, progress and errors go to standard
error; standard output has only what was requested (`--report json --out -`, `rules`, `profiles`,
`explain`, `schema`).
"""


def build_pages() -> dict[str, str]:
    """Build all pages, by file name, that the command `python -m validator.cli.docs` writes."""
    texts = {
        "rules.md": build_rules_page(),
        "diagnoses.md": build_diagnoses_page(),
        "cli.md": build_cli_page(),
        "acceptance.md": build_acceptance_page(),
        "repairs.md": build_repairs_page(),
    }
    for system in fix_routes.list_systems():
        texts[f"fix/{system}.md"] = fix_page(system)
    return texts


def build_rules_page() -> str:
    """Build rules.md for the command `python -m validator.cli.docs`: all rules, by topic."""
    rules = load.list_rules()
    parts = ["# Rules", MADE.format(source=OWN_TEXTS), f"{len(rules)} rules. {LEVELS}"]
    for topic, heading in wording.TOPICS.items():
        in_topic = [versions for versions in rules if versions.rule.topic == topic]
        if in_topic:
            sections = [render_rule_section(versions) for versions in in_topic]
            parts += [f"## {heading}", render_contents(in_topic), *sections]
    parts += ["## Profiles", *[render_profile(pack) for pack in load.list_profiles()]]
    return "\n\n".join(parts) + "\n"


def build_diagnoses_page() -> str:
    """Build diagnoses.md for the command `python -m validator.cli.docs`: origin, signs, fix."""
    texts = diagnosis_pages.list_all()
    made = MADE.format(source="rules/diagnosis/")
    rows = [
        f"| [{text.id}](#{text.id}) | {diagnosis_pages.describe_level(text)} "
        f"| {text.title.rstrip('.')} |"
        for text in texts
    ]
    table = "\n".join(["| diagnosis | level | what happened |", "|---|---|---|", *rows])
    parts = ["# Diagnoses", made, f"{len(texts)} diagnoses. {DIAGNOSES}", table]
    for text in texts:
        facts = [f"- {label}: {_link(said)}" for label, said in diagnosis_pages.list_facts(text)]
        parts += [f"## {text.id}", f"**{text.title.rstrip('.')}.**", "\n".join(facts)]
    return "\n\n".join(parts) + "\n"


def build_repairs_page() -> str:
    """Build repairs.md for the command `python -m validator.cli.docs`: the repairs of `mend`."""
    kinds = repair_pages.list_all()
    made = MADE.format(source="rules/repair/ and rules/diagnosis/")
    form = [kind for kind in kinds if not kind.diagnosis]
    safe = [kind for kind in kinds if kind.diagnosis and not kind.asked]
    asked = [kind for kind in kinds if kind.diagnosis and kind.asked]
    parts = ["# Repairs", made, REPAIRS]
    parts += ["## Repairs of form", repair_pages.render_table(form)]
    parts += ["## Safe inverses of diagnoses", SAFE, repair_pages.render_table(safe)]
    parts += ["## Inverses that have to be asked for", ASKED, repair_pages.render_table(asked)]
    return "\n\n".join(parts) + "\n"


def fix_page(system: str) -> str:
    """Build one SIS's page for the command `python -m validator.cli.docs`: where to fix things."""
    routes = fix_routes.load_routes(system)
    titles = {versions.rule.id: versions.rule.title for versions in load.list_rules()}
    parts = [
        f"# Where to fix things in {routes.title}",
        MADE.format(source=f"rules/fix/{system}.yaml"),
        f"`rosterready check --sis {system}` adds these places to the findings. If you know the "
        "place for a rule that is not listed here, please report it, with a source.",
    ]
    if routes.notes:
        parts.append("\n".join(f"- {note.text} ({_link(note.source)})" for note in routes.notes))
    rows = [
        f"| {titles[rule]}<br>[{rule}](../rules.md#{rule}) | {route.text} | {_link(route.source)} |"
        for rule, route in routes.by_rule.items()
    ]
    parts.append("\n".join(["| what | where | source |", "|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def build_acceptance_page() -> str:
    """Build acceptance.md for the command `python -m validator.cli.docs`: who accepts what."""
    parts = [
        "# What each destination accepts",
        MADE.format(source="validator/ingest/formats/"),
        ACCEPTANCE,
    ]
    for format in registry.list_formats():
        for acceptance, titles in _group_by_acceptance(format):
            if not acceptance.judges_form:
                continue
            parts += [f"## {', '.join(titles)}", _tabulate(acceptance)]
    return "\n\n".join(parts) + "\n"


def _group_by_acceptance(format: Format) -> list[tuple[Acceptance, list[str]]]:
    """Group versions by acceptance for the command `python -m validator.cli.docs`."""
    groups: list[tuple[Acceptance, list[str]]] = []
    for version in format.versions:
        own = next((titles for known, titles in groups if known is version.acceptance), None)
        if own is None:
            groups.append((version.acceptance, [version.title]))
        elif version.title not in own:
            own.append(version.title)
    return groups


def _tabulate(acceptance: Acceptance) -> str:
    """Build a table of acceptance.md for the command `python -m validator.cli.docs`."""
    rows = ["| departure | response | what follows | what to write | source |"]
    rows.append("|---|---|---|---|---|")
    for departure, words in DEPARTURES.items():
        answer = acceptance.answers[departure]
        rows.append(
            f"| {words} | {answer.response} | {answer.consequence} | {answer.fix} "
            f"| {_link(answer.source)} |"
        )
    return "\n".join(rows)


def build_cli_page() -> str:
    """Return the documentation page of every command with its options, as `--help` shows them."""
    import typer

    from validator.cli.app import app

    group: Any = typer.main.get_command(app)
    parts = ["# Command line", MADE.format(source=OWN_TEXTS), render_help(group, "rosterready")]
    for name, command in group.commands.items():
        parts += [f"## rosterready {name}", render_help(command, f"rosterready {name}")]
    return "\n\n".join([*parts, EXIT_CODES])


def render_help(command: Any, name: str) -> str:
    """Return the help of a command, for the documentation page cli.md."""
    context = command.context_class(
        command,
        info_name=name,
        terminal_width=100,
        max_content_width=100,
        help_option_names=["-h", "--help"],
    )
    return f"```text\n{command.get_help(context).rstrip()}\n```"


def render_contents(rules: Sequence[RuleVersions]) -> str:
    """Build the contents of rules.md for the command `python -m validator.cli.docs`."""
    rows = []
    for versions in rules:
        rule = versions.rule
        rows.append(f"| [{rule.id}](#{rule.id}) | {describe_level(versions)} | {rule.title} |")
    return "\n".join(["| rule | level | what |", "|---|---|---|", *rows])


def render_rule_section(versions: RuleVersions) -> str:
    """Build a rule's section of rules.md for the command `python -m validator.cli.docs`."""
    rule = versions.rule
    facts = [f"- {label}: {_link(text)}" for label, text in list_facts(versions)]
    parts = [f"### {rule.id}", f"**{rule.title}.**", "\n".join(facts)]
    for sentence, files in read_examples(resources.find_cases() / f"{rule.id}.yaml")[:1]:
        parts += [f"Example: {sentence}", f"```csv\n{files}\n```"]
    return "\n\n".join(parts)


def render_profile(pack: Any) -> str:
    """Build a pack's section of rules.md for the command `python -m validator.cli.docs`."""
    read = f" Its sources were read on {wording.format_date(pack.read)}." if pack.read else ""
    parts = [f"### {pack.id}", f"{pack.title}, version {pack.version}.{read}"]
    if pack.checklist:
        items = [f"- {item.text} ({_link(item.source)})" for item in pack.checklist]
        parts += ["To check by hand, because no file can show it:", "\n".join(items)]
    return "\n\n".join(parts)


def _link(text: str) -> str:
    """Return an address as a link for the command `validator.cli.docs`; other text as it is."""
    return f"<{text}>" if text.startswith("https://") else text


def main() -> int:
    """Run `python -m validator.cli.docs`: write the pages of docs/; return the exit code."""
    try:
        pages = build_pages()
    except BadUsage as error:  # a pack with a mistake
        return exit_codes.explain_error(error, debug=False)
    (FOLDER / "fix").mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    return exit_codes.OK


if __name__ == "__main__":
    sys.exit(main())
