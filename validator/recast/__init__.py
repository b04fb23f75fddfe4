"""From a format's own tables to those that every rule reads: schools, students, teachers, sections and the rest."""

from __future__ import annotations

from validator.recast import cells, classes, people, rosters

__all__ = ["cells", "classes", "people", "rosters"]
