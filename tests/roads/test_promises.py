"""The list of promises is up to date, and the security page's links work."""

from __future__ import annotations

import re

import pytest

from tests.support import promises
from tests.support.running import ROOT

SECURITY = ROOT / "docs" / "security.md"


def test_the_list_of_promises_is_fresh() -> None:
    assert promises.PAGE.read_text(encoding="utf-8") == promises.page(), (
        "run `python -m tests.support.promises`"
    )


@pytest.mark.parametrize(
    "name", ["docs/security.md", "docs/guide.md", "docs/install.md", "SECURITY.md"]
)
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    for target in re.findall(
        r"\]\((?!https?://|mailto:|#)([^)#]+)", path.read_text(encoding="utf-8")
    ):
        assert (path.parent / target).exists(), f"{name}: {target}"


def test_every_answer_of_the_security_page_names_a_promise_or_says_why_not() -> None:
    known = {text for text, _ in promises.promises()}
    page = SECURITY.read_text(encoding="utf-8")
    lines = re.findall(r"^- Tested: (.+)$", page, re.MULTILINE)
    assert len(lines) >= 8
    for line in lines:
        for text in line.split("; "):
            assert text in known, f"no test has the promise: {text}"


@pytest.mark.promise(
    "Workflows grant no permissions by default and pin every action by its full hash"
)
def test_workflows_pin_every_action_by_a_full_hash_and_grant_nothing_by_default() -> None:
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        used = re.findall(r"uses: (\S+)(.*)", text)
        assert used
        for action, comment in used:
            assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", action), f"{path.name}: {action}"
            assert re.match(r" # v\d", comment), f"{path.name}: say which version {action} is"
        assert "\npermissions: {}\n" in text
        assert text.count("persist-credentials: false") == len(
            re.findall("actions/checkout@", text)
        )
