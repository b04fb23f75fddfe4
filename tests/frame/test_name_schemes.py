"""Schemes of addresses: only those that make addresses as long as most are tried."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from validator.frame import name_schemes
from validator.frame.name_schemes import SCHEMES, SHORTENED, NamedPeople, Scheme

FIRST = pa.array(["freya", "odo", "tilda", "bartholomew"])
LAST = pa.array(["copperpot", "quill", "thimblewick", "hale"])


@pytest.mark.parametrize("scheme", [*SCHEMES, *SHORTENED[::7]])
def test_the_scheme_of_all_addresses_is_found(scheme: Scheme) -> None:
    local = name_schemes.build_local(scheme, FIRST, LAST)
    people = NamedPeople(np.arange(len(local)), local, [FIRST], [LAST])
    best = name_schemes.choose_scheme(people, 1.0)
    assert best is not None
    assert name_schemes.build_local(best, FIRST, LAST).equals(local)
    assert max(map(len, local.to_pylist())) <= scheme.longest
