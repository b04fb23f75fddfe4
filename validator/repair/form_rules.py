"""Rules about the form of files, and what writing a file again does about each."""

from __future__ import annotations

from collections.abc import Mapping

from validator.model import dataclass


@dataclass(frozen=True)
class FormRule:
    """One rule about the form of a file that writing it again may change.

    textual: whether the file's table is enough to write it, without its lines. gone: whether all
    findings are gone once it is written.
    """

    textual: bool = False
    gone: bool = False


FORM_RULES: Mapping[str, FormRule] = {
    "file-bom": FormRule(textual=True, gone=True),
    "file-delimiter": FormRule(textual=True, gone=True),
    "file-line-endings": FormRule(textual=True, gone=True),
    "file-name-differs": FormRule(textual=True, gone=True),
    "file-not-utf8": FormRule(),
    "file-empty": FormRule(),
    "header-spelling": FormRule(textual=True, gone=True),
    "header-order": FormRule(textual=True, gone=True),
    "header-missing": FormRule(),
    "header-repeated": FormRule(),
    "header-hidden-characters": FormRule(gone=True),
    "row-wrong-length": FormRule(),
    "row-footer": FormRule(gone=True),
    "rows-blank": FormRule(gone=True),
    "rows-repeated-header": FormRule(gone=True),
    "quote-not-doubled": FormRule(gone=True),
    "value-line-break": FormRule(),
    "value-control-characters": FormRule(),
}

TEXTUAL = frozenset(id for id, rule in FORM_RULES.items() if rule.textual)
"""Rules for which the lines of a file to mend need not be read again."""

GONE = frozenset(id for id, rule in FORM_RULES.items() if rule.gone)
"""Rules all of whose findings are gone once the files are mended."""
