"""Kinds of repair: what each changes, and what must be proven before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from validator.model.data_classes import dataclass


@dataclass(frozen=True)
class RepairKind:
    """One kind of repair, as rules/repair/kinds.yaml or a diagnosis states it.

    `what` it changes and the `proof` that it is safe, in public sentences. `asked` is True for
    kinds that are only made where they are named; `always` for those that are a part of how files
    are written. `rules`: the rules whose findings it makes vanish; `left`: rule -> why it leaves a
    finding for a person. `diagnosis`: whether it undoes the diagnosis of the same id.
    """

    id: str
    title: str
    what: str
    proof: str
    asked: bool = False
    always: bool = False
    rules: tuple[str, ...] = ()
    diagnosis: bool = False
    left: Mapping[str, str] = field(default_factory=dict, hash=False)
