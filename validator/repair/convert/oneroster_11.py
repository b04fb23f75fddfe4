"""OneRoster 1.1: a complete (bulk) bundle of CSV files with a manifest."""

from __future__ import annotations

from functools import partial

from validator.repair.convert.oneroster.bundle import write_bundle
from validator.repair.convert.oneroster.places import V11, list_places
from validator.repair.convert.registry import Destination

DESTINATION = Destination(
    "oneroster-1.1",
    "OneRoster 1.1",
    list_places(V11),
    partial(write_bundle, version=V11),
    keeps_ended=True,
    keeps_records=True,
)
