"""Plain-English sentences and labels used by every report.

The public face of the package: everything else imports `validator.wording`, not its modules.
"""

from __future__ import annotations

from validator.wording.labels import (
    CONSEQUENCES,
    LEVELS,
    OWNERS,
    PHASES,
    STATUSES,
    TOPICS,
)
from validator.wording.numbers import (
    format_count,
    format_date,
    format_more,
    format_number,
    format_percent,
    join_words,
)
from validator.wording.outcomes import (
    describe,
    describe_apps,
    describe_damage,
    describe_diagnosis,
    describe_mend,
    describe_mends,
    describe_people,
    describe_route,
    describe_waived,
    format_share,
    name_column,
    name_unit,
)
from validator.wording.places import describe_lines, describe_place, format_line
from validator.wording.verdicts import (
    App,
    describe_held,
    describe_not_run,
    describe_verdict,
    describe_verdicts,
    explain_verdict,
    list_sign_in_kinds,
)

__all__ = [
    "CONSEQUENCES",
    "LEVELS",
    "OWNERS",
    "PHASES",
    "STATUSES",
    "TOPICS",
    "App",
    "describe",
    "describe_apps",
    "describe_damage",
    "describe_diagnosis",
    "describe_held",
    "describe_lines",
    "describe_mend",
    "describe_mends",
    "describe_not_run",
    "describe_people",
    "describe_place",
    "describe_route",
    "describe_verdict",
    "describe_verdicts",
    "describe_waived",
    "explain_verdict",
    "format_count",
    "format_date",
    "format_line",
    "format_more",
    "format_number",
    "format_percent",
    "format_share",
    "join_words",
    "list_sign_in_kinds",
    "name_column",
    "name_unit",
]
