"""Checks whose findings the page shows in a special way; a test compares the names."""

from __future__ import annotations

CO_TAUGHT = "teachers.several"
"""Counted as a part of the sections that would sync."""

MANY_CHANGES = "changes.many"
"""Shown as the holds of the next sync."""

GRADES_SHOWN = "grades.shown"
"""Shown with the grades as apps display them."""

ELECTIVES = "sections.elective"
"""Shown with the text that decides about these course titles in a pack."""
