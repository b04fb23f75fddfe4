"""Facts about an app in its pack: what it makes of a roster, each with its source."""

from __future__ import annotations

from collections.abc import Iterable

from validator.model import AppFact, dataclass
from validator.rulebook import yaml
from validator.rulebook.yaml import Keys
from validator.text import did_you_mean

FACTS = (
    "students-found-by",
    "teachers-found-by",
    "student-account",
    "teacher-account",
    "teacher-mail",
    "under-age",
    "admin-dashboard",
    "class-per-section",
    "co-teacher-reports",
    "grade-other",
    "locked-rosters",
    "transfers",
    "flexible-groups",
)
"""What a pack may state about its app."""

FOUND_BY = ("email", "id")
KEYS = ("fact", "value", "says", "source")


def read_facts(document: yaml.Document) -> Iterable[AppFact]:
    """Return the facts of a pack. Raises BadUsage."""
    listed = document.at("app")
    form = _Facts(document)
    if listed == "":
        return
    if not isinstance(listed, list):
        raise form.refusal(("app",), "'app' must be a list of facts")
    for at in range(len(listed)):
        yield form.fact(("app", at))


@dataclass(frozen=True)
class _Facts(yaml.Form):
    """The facts of one pack."""

    def read_text(self, keys: Keys) -> str:
        """Return the text at these keys on one line; "" for none."""
        value = self.document.at(*keys)
        if not isinstance(value, str):
            raise self.refusal(keys, f"'{keys[-1]}' must be a text")
        return " ".join(value.split())

    def fact(self, keys: Keys) -> AppFact:
        """Return one fact."""
        self.mapping(keys, KEYS, "a fact")
        fact = AppFact(*(self.read_text((*keys, key)) for key in KEYS))
        if fact.id not in FACTS:
            near = did_you_mean(fact.id, list(FACTS))
            known = ", ".join(FACTS)
            raise self.refusal((*keys, "fact"), f"'fact' must be one of {known}{near}")
        if fact.id.endswith("-found-by") and fact.value not in FOUND_BY:
            raise self.refusal((*keys, "value"), "'value' must be email or id")
        if fact.id == "under-age" and not (fact.value.isdecimal() and len(fact.value) < 3):
            raise self.refusal((*keys, "value"), "'value' must be an age, such as 13")
        if not fact.source:
            raise self.refusal(keys, "a fact needs a 'source'")
        return fact
