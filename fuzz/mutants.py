"""`python -m fuzz.mutants [--module links] [--sample 200]`: do the cases notice a wrong check?

mutmut (a package to be installed separately) makes small changes to the code of the checks, one at
a time; the cases of the rules must notice each. A case's files are read once; then only its rule
and those that it depends on are run again for every change, in another process. A change that no
case noticed is printed as a difference, for review: a case is missing, or the change makes no
difference.
"""

from __future__ import annotations

import argparse
import difflib
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from tests import conftest
from tests.checks import test_cases
from tests.support import snapshots
from validator.checks import registry
from validator.engine import run
from validator.engine.context import CheckContext
from validator.model import Export, Outcome, Profile, Rule
from validator.rulebook import load

DECORATOR = re.compile(r"^@check\([^\n]*\)\n", re.MULTILINE)
"""The decorator of a check; mutmut leaves decorated functions as they are."""

PATIENCE = 20
"""Seconds after which a change that makes a check run on and on counts as noticed."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A case whose files are read: the arguments of the engine, and the checks that it runs."""

    rule: str
    case: Any
    export: Export
    profiles: Sequence[Profile]
    surroundings: CheckContext
    checks: frozenset[str]

    def judged(self) -> SimpleNamespace:
        """The part of a report that the case checks."""
        for table in self.export.all_tables.values():
            table.cache.clear()
        self.surroundings.answers.clear()
        return SimpleNamespace(outcomes=run.judge(self.export, self.profiles, self.surroundings))


def _involved(rules: Mapping[str, Rule], first: str) -> dict[str, Rule]:
    """The rule and all that it depends on."""
    involved: dict[str, Rule] = {}
    left = [first]
    while left:
        name = left.pop()
        if name in rules and name not in involved:
            involved[name] = rules[name]
            left += [
                other
                for value in vars(rules[name]).values()
                if isinstance(value, (tuple, list, frozenset))
                for other in value
                if isinstance(other, str) and other in rules
            ]
    return {name: rule for name, rule in rules.items() if name in involved}


def prepared(shelves: Sequence[str]) -> list[Prepared]:
    """All cases that run a check of these modules and pass with nothing but their own rules."""
    rules = {rule.id: rule for rule, _ in load.list_rules()}
    out: list[Prepared] = []
    judge, asked = run.judge, []

    def remembered(*given: Any) -> list[Outcome]:
        asked.append(given)
        return judge(*given)

    run.judge = remembered
    try:
        for parameters in snapshots.cases():
            rule, case = parameters.values
            checks = [it.check for it in _involved(rules, rule).values()]
            if not any(check.rpartition(".")[0] in shelves for check in checks):
                continue
            with tempfile.TemporaryDirectory() as folder:
                test_cases.test_case(
                    rule, case, conftest.judge.__wrapped__(Path(folder)), Path(folder)
                )
            export, profiles, surroundings = asked.pop()
            own = [replace(profile, rules=_involved(profile.rules, rule)) for profile in profiles]
            used = frozenset(it.check for profile in own for it in profile.rules.values())
            out.append(Prepared(rule, case, export, own, surroundings, used))
    finally:
        run.judge = judge
    return [case for case in out if _passes(case)]


def _passes(case: Prepared) -> bool:
    """Whether a case passes with its own rules alone; a few need others, too."""
    try:
        test_cases.check(case.judged(), case.rule, case.case)  # type: ignore[arg-type]
    except AssertionError:
        return False
    return True


def changes(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Function and whole text of the module, once for each small change."""
    from mutmut.mutation.file_mutation import create_mutations, deep_replace

    path = Path(str(module.__file__))
    text = DECORATOR.sub("", path.read_text(encoding="utf-8"))
    tree, mutations, *_ = create_mutations(str(path), text)
    for mutation in mutations:
        name = getattr(mutation.contained_by_top_level_function, "name", None)
        if name is not None:  # else it is a constant of the module
            changed: Any = deep_replace(tree, mutation.original_node, mutation.mutated_node)
            yield name.value, changed.code


def _apply(module: ModuleType, text: str) -> None:
    """Replace the module's code, and its checks in the registry, by the changed ones."""
    exec(compile(text, str(module.__file__), "exec"), vars(module))
    for name, check in registry.CHECKS.items():
        if check.__module__ == module.__name__:
            registry.CHECKS[name] = vars(module)[check.__name__]


def _fails(module: ModuleType, text: str, cases: Sequence[Prepared]) -> bool:
    """Whether a case fails once the module is changed."""
    try:
        _apply(module, text)
        for case in cases:
            test_cases.check(case.judged(), case.rule, case.case)  # type: ignore[arg-type]
    except BaseException:  # noqa: BLE001 - whatever happens was caused by the change
        return True
    return False


def _noticed(
    module: ModuleType, made: Sequence[tuple[str, str]], cases: Sequence[Prepared]
) -> list[bool]:
    """For each change, whether a case fails.

    The changes run in a separate process; after one that hangs, another process goes on.
    """
    seen: list[bool] = []
    shelf = module.__name__.rpartition(".")[2]
    while len(seen) < len(made):
        receive, send = os.pipe()
        child = os.fork()
        if not child:
            for name, text in made[len(seen) :]:
                signal.alarm(PATIENCE)
                os.write(
                    send, b"\1" if _fails(module, text, _relevant(cases, shelf, name)) else b"\0"
                )
            os._exit(0)
        os.close(send)
        with open(receive, "rb") as answers:
            seen += map(bool, answers.read())
        os.waitpid(child, 0)
        if len(seen) < len(made):  # it ran on and on
            seen.append(True)
    return seen


def _relevant(cases: Sequence[Prepared], shelf: str, function: str) -> list[Prepared]:
    """The cases that use the module, those of the changed function first."""
    using = [case for case in cases if any(name.startswith(f"{shelf}.") for name in case.checks)]
    return sorted(using, key=lambda case: f"{shelf}.{function}" not in case.checks)


def survey(
    module: ModuleType, cases: Sequence[Prepared], made: list[tuple[str, str]], *, jobs: int
) -> list[tuple[str, str]]:
    """Function and difference of each change of the module that no case noticed."""
    before = DECORATOR.sub("", Path(str(module.__file__)).read_text(encoding="utf-8"))
    shares = [made[at::jobs] for at in range(jobs)]
    with ThreadPoolExecutor(jobs) as pool:
        seen = list(pool.map(lambda share: _noticed(module, share, cases), shares))
    kept = [
        change
        for share, noticed in zip(shares, seen, strict=True)
        for change, failed in zip(share, noticed, strict=True)
        if not failed
    ]
    return [(name, "".join(_difference(before, text))) for name, text in kept]


def _difference(before: str, after: str) -> Iterator[str]:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), n=0
    )
    return (line for line in lines if not line.startswith(("---", "+++")))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the changes that survived; 0 if at least `--least` percent were noticed."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.mutants", description=str(__doc__))
    parser.add_argument(
        "--module", action="append", help="a module of validator/checks; all without it"
    )
    parser.add_argument(
        "--sample", type=int, default=0, help="number of random changes of each module"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument(
        "--least", type=float, default=90.0, help="percent of the changes that must be noticed"
    )
    given = parser.parse_args(arguments)

    def chosen(made: list[Any]) -> list[Any]:
        if not 0 < given.sample < len(made):
            return made
        return random.Random(given.seed).sample(made, given.sample)

    names = dict.fromkeys(check.__module__ for check in registry.CHECKS.values())
    modules = {name.rpartition(".")[2]: sys.modules[name] for name in names}
    shelves = given.module or list(modules)
    cases, total, survivors = prepared(shelves), 0, 0
    print(f"{len(cases)} of {len(snapshots.cases())} cases", flush=True)
    for shelf in shelves:
        module, started = modules[shelf], time.monotonic()
        made = chosen(list(changes(module)))
        count, kept = len(made), survey(module, cases, made, jobs=given.jobs)
        for name, difference in kept:
            print(f"{shelf}.{name}\n{difference}")
        total, survivors = total + count, survivors + len(kept)
        print(
            f"{shelf}: {count - len(kept)} of {count} noticed, {time.monotonic() - started:.0f} s",
            flush=True,
        )
    share = 100 * (total - survivors) / max(total, 1)
    print(f"{total - survivors} of {total} changes noticed: {share:.1f} %")
    return 0 if share >= given.least else 1


if __name__ == "__main__":
    sys.exit(main())
