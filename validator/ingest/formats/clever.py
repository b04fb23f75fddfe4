"""Clever's SFTP export, whose files already are the roster's tables."""

from __future__ import annotations

from validator.model import Format, Version
from validator.schemas.clever import FILES

OTHERS = {
    "admins": "admins.csv is deprecated; Clever takes administrators from staff.csv",
    "contacts": "Clever ignores this file; contacts are columns of students.csv",
    "studentcontacts": "Clever ignores this file; contacts are columns of students.csv",
    "users": "users.csv belongs to another layout of Clever (AnySchool) or to OneRoster",
}

FORMAT = Format(
    "clever",
    "Clever",
    profile="clever",
    versions=(Version("clever", "Clever", FILES, others=OTHERS),),
)
