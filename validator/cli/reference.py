"""The answers of `rules`, `profiles` and `explain`, and these commands without options.

Without options they need no parser of the command line, which takes longer than the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from validator.cli import console

NAME = re.compile("[a-z0-9][a-z0-9-]*")


def show(words: Sequence[str]) -> bool:
    """Answer a command line of plain words; return whether it was one of these commands."""
    match words:
        case ["rules"]:
            console.show(list_rules())
        case ["profiles"]:
            console.show(list_profiles())
        case ["explain", rule] if NAME.fullmatch(rule):
            console.show(explain(rule))
        case _:
            return False
    return True


def list_rules(*, as_json: bool = False) -> str:
    """Return what `rules` prints: every rule and every diagnosis."""
    from validator.rulebook import diagnosis_pages, load, pages

    diagnosed = diagnosis_pages.list_all()
    if as_json:
        more = [diagnosis_pages.build_entry(text) for text in diagnosed]
        return pages.render_rules_json(load.list_rules(), more)
    table = pages.render_rules_table(load.list_rules())
    return table + diagnosis_pages.render_table(diagnosed)


def list_profiles(*, as_json: bool = False) -> str:
    """Return what `profiles` prints: what an export can be checked for."""
    from validator.rulebook import load, pages

    render = pages.render_profiles_json if as_json else pages.render_profiles_table
    return render(load.list_profiles())


def explain(name: str) -> str:
    """Return what the command `explain` prints: the page about a rule, diagnosis or repair."""
    from validator.rulebook import diagnosis_pages, repair_pages

    diagnosed, kind = diagnosis_pages.find(name), repair_pages.find(name)
    if diagnosed is not None:
        return diagnosis_pages.render_page(diagnosed)
    return repair_pages.render_page(kind) if kind else _explain_rule(name)


def _explain_rule(name: str) -> str:
    """Return the page that the `explain` command prints about a rule or a diagnosis."""
    from validator import resources
    from validator.model import BadUsage
    from validator.rulebook import diagnosis_pages, load, pages

    try:
        versions = load.find_rule(name)
    except BadUsage:
        diagnosed = diagnosis_pages.find_similar(name)
        if diagnosed is None:
            raise
        return diagnosis_pages.render_page(diagnosed)
    case = resources.find_cases() / f"{versions.rule.id}.yaml"
    return pages.render_page(versions, case)
