"""What a repair changed in a column."""

from __future__ import annotations

import pyarrow as pa

from validator.repair.state import differ


def test_new_values_behind_the_same_codes_are_a_change() -> None:
    codes = pa.array([0, 1, 0, 2], pa.int32())
    before = pa.DictionaryArray.from_arrays(codes, pa.array(['"a"', '"b"', "c"]))
    after = pa.DictionaryArray.from_arrays(codes, pa.array(["a", "b", "c"]))
    assert differ(pa.chunked_array([before]), pa.chunked_array([after])).tolist() == [0, 1, 2]


def test_an_untouched_column_has_no_change() -> None:
    values = pa.chunked_array([pa.array(["a", "b", "a"]).dictionary_encode()])
    assert not len(differ(values, values))
    assert not len(differ(values, pa.chunked_array(values.chunks)))
