"""Write the generated pages of docs/: `python -m validator.cli.docs`. A test fails if they are stale."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from validator import resources, wording
from validator.rulebook import fix_routes, load
from validator.rulebook.load import RuleVersions
from validator.rulebook.pages import read_examples, list_facts, describe_level

FOLDER = Path(__file__).resolve().parents[2] / "docs"
MADE = "<!-- Written by `python -m validator.cli.docs` from rules/ and validator/cli/; edit those instead. -->"

LEVELS = """Rule ids are public: reports, waivers and districts' own packs use them. Levels: **blocker** = the record is
dropped, the upload fails or someone cannot sign in; **warning** = something will work incorrectly or confuse people;
**advice** = good to know; **fact** = true of every healthy district, never counted."""

EXIT_CODES = """## Exit codes

The first that applies:

| code | when |
|---|---|
| 130 | stopped with Ctrl-C |
| 2 | wrong usage, a bad pack, or a report folder that cannot be written; detected before anything is read |
| 4 | a rule or the program failed, the disk is full, or a file changed while it was read; other reports are still written |
| 1 | a finding at or above `--fail-on` that the district has not accepted |
| 3 | could not tell whether the export is ready, or nothing readable was given |
| 0 | otherwise |

`--fail-on never` gives 0 instead of 1, and instead of 3 unless nothing could be read. `demo` always runs this way.

## Environment

`NO_COLOR` turns colors off. `SOURCE_DATE_EPOCH` fixes the date and leaves the time out of the reports, so that two
runs write the same bytes. The summary, progress and errors go to standard error; standard output has only what was
requested (`--report json --out -`, `rules`, `profiles`, `explain`, `schema`).
"""


def pages() -> dict[str, str]:
    """The text of each generated page by its file name."""
    return {
        "rules.md": rules_page(),
        "cli.md": cli_page(),
        **{f"fix/{system}.md": fix_page(system) for system in fix_routes.list_systems()},
    }


def rules_page() -> str:
    """Every rule of every bundled pack, by topic, with its examples."""
    told = load.list_rules()
    parts = ["# Rules", MADE, f"{len(told)} rules. {LEVELS}"]
    for topic, heading in wording.TOPICS.items():
        here = [one for one in told if one[0].topic == topic]
        if here:
            parts += [f"## {heading}", _contents(here), *[_section(one) for one in here]]
    parts += ["## Profiles", *[_profile(pack) for pack in load.list_profiles()]]
    return "\n\n".join(parts) + "\n"


def fix_page(system: str) -> str:
    """Where in one student information system what is fixed, rule by rule."""
    held = fix_routes.load_routes(system)
    titles = {rule.id: rule.title for rule, _ in load.list_rules()}
    made = MADE.replace("rules/ and validator/cli.py", f"rules/fix/{system}.yaml")
    parts = [
        f"# Where to fix things in {held.title}",
        made,
        f"What `rosterready check --sis {system}` adds to the findings, as far as somebody has written it down. A "
        "rule that is not here has no place that we know of; tell us, with a source.",
    ]
    parts += (
        ["\n".join(f"- {note.text} ({_linked(note.source)})" for note in held.notes)]
        if held.notes
        else []
    )
    rows = [
        f"| {titles[rule]}<br>[{rule}](../rules.md#{rule}) | {route.text} | {_linked(route.source)} |"
        for rule, route in held.by_rule.items()
    ]
    return (
        "\n\n".join([*parts, "\n".join(["| what | where | source |", "|---|---|---|", *rows])])
        + "\n"
    )


def cli_page() -> str:
    """Every command with its options, as `--help` shows them."""
    import typer

    from validator.cli.app import app

    group: Any = typer.main.get_command(app)
    parts = ["# Command line", MADE, _help(group, "rosterready")]
    for name, command in group.commands.items():
        parts += [f"## rosterready {name}", _help(command, f"rosterready {name}")]
    return "\n\n".join([*parts, EXIT_CODES])


def _help(command: Any, name: str) -> str:
    context = command.context_class(
        command,
        info_name=name,
        terminal_width=100,
        max_content_width=100,
        help_option_names=["-h", "--help"],
    )
    return f"```text\n{command.get_help(context).rstrip()}\n```"


def _contents(rules: Sequence[RuleVersions]) -> str:
    rows = [
        f"| [{versions.rule.id}](#{versions.rule.id}) | {describe_level(versions)} | {versions.rule.title} |"
        for versions in rules
    ]
    return "\n".join(["| rule | level | what |", "|---|---|---|", *rows])


def _section(told: RuleVersions) -> str:
    rule = told[0]
    parts = [
        f"### {rule.id}",
        f"**{rule.title}.**",
        "\n".join(f"- {label}: {_linked(text)}" for label, text in list_facts(told)),
    ]
    for sentence, files in read_examples(resources.find_cases() / f"{rule.id}.yaml")[:1]:
        parts += [f"Example: {sentence}", f"```csv\n{files}\n```"]
    return "\n\n".join(parts)


def _profile(pack: Any) -> str:
    read = f" Its sources were read on {wording.format_date(pack.read)}." if pack.read else ""
    what = [f"### {pack.id}", f"{pack.title}, version {pack.version}.{read}"]
    if pack.checklist:
        what += [
            "To check by hand, because no file can show it:",
            "\n".join(f"- {item.text} ({_linked(item.source)})" for item in pack.checklist),
        ]
    return "\n\n".join(what)


def _linked(text: str) -> str:
    return f"<{text}>" if text.startswith("https://") else text


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "fix").mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
