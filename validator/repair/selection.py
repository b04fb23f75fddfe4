"""Which kinds of repair are made."""

from __future__ import annotations

from collections.abc import Mapping

from validator.model import RepairKind, dataclass


@dataclass(frozen=True)
class Selection:
    """The kinds that exist, those that alone are made (all safe ones if empty), and those not."""

    kinds: Mapping[str, RepairKind]
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    def wants(self, id: str) -> bool:
        """Return whether a kind of repair was selected."""
        kind = self.kinds[id]
        if kind.always:
            return True
        if id in self.skip:
            return False
        return id in self.only if self.only else not kind.asked
