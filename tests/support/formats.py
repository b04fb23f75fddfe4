"""Every upload format in which a made-up district can be written."""

from __future__ import annotations

from tests.support.canvas_format import canvas
from tests.support.other_formats import clever, oneroster_11, oneroster_12
from tests.support.sds_formats import sds_1, sds_21

FORMATS = {
    "clever": clever,
    "canvas": canvas,
    "oneroster 1.1": oneroster_11,
    "oneroster 1.2": oneroster_12,
    "sds 1": sds_1,
    "sds 2.1": sds_21,
}
