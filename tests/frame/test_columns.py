"""Encoded columns: distinct values, codes, and what is cached in the table."""

from __future__ import annotations

import threading

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tests.support.builders import table
from validator import frame
from validator.model import Table


def students(*names: str) -> Table:
    return table("students", {"Student_id": [str(at) for at in range(len(names))], "Name": names})


def test_values_are_trimmed_and_equal_values_have_one_code() -> None:
    encoded = frame.encode(students(" Ada", "Ada\u00a0", "", "Grace"), "Name")
    assert encoded.values.take(pa.array(encoded.codes)).to_pylist() == ["Ada", "Ada", "", "Grace"]
    assert encoded.codes[0] == encoded.codes[1]
    assert encoded.blank.tolist() == [False, False, True, False]


def test_a_missing_column_is_blank_in_every_row() -> None:
    assert frame.encode(students("Ada", "Grace"), "Nickname").blank.tolist() == [True, True]


def test_values_that_become_equal_share_a_code() -> None:
    encoded = frame.encode(students("Ada", "ADA", "Bo"), "Name")
    lower = frame.map_values(encoded, pc.utf8_lower)
    assert lower.values.to_pylist() == ["ada", "bo"]
    assert lower.codes.tolist() == [0, 0, 1]


def test_folded_names_ignore_case_accents_and_punctuation() -> None:
    encoded = frame.encode_folded(students("Zoë O'Neil-X", "zoe oneil x", "Zoe"), "Name")
    assert encoded.codes[0] == encoded.codes[1] != encoded.codes[2]


def test_per_value_results_are_broadcast_to_rows() -> None:
    encoded = frame.encode(students("a", "b", "a"), "Name")
    assert encoded.broadcast(np.asarray([10, 20])).tolist() == [10, 20, 10]


def test_combined_codes_are_equal_only_where_all_columns_are() -> None:
    rows = table("staff", {"Staff_id": ["1", "1", "2", "1"], "Role": ["a", "b", "a", "a"]})
    columns = [frame.encode(rows, "Staff_id"), frame.encode(rows, "Role")]
    for keys in (frame.combine_codes(*columns), frame.combine_columns(columns)):
        assert keys[0] == keys[3] and len(set(keys.tolist())) == 3


def test_positions_are_indexes_and_missing_values_are_minus_one() -> None:
    positions = frame.find_positions(pa.array(["b", "x", "a"]), pa.array(["a", "b"]))
    assert (positions.tolist(), positions.dtype) == ([1, -1, 0], np.intp)
    assert frame.find_positions(pa.array(["b"]), pa.array([], pa.string())).tolist() == [-1]


def test_counts_are_most_frequent_first() -> None:
    tally = frame.count_values(students("b", "a", "b", "c"), "Name", np.asarray([0, 1, 2, 3]))
    assert list(tally.values) == [("b", 2), ("a", 1), ("c", 1)]


def test_deleted_records_are_not_live() -> None:
    columns = {"Staff_id": ["1", "2", "3"], "status": ["active", "ToBeDeleted", ""]}
    rows = table("staff", columns, deleted_words=("tobedeleted",))
    assert frame.mark_live(rows).tolist() == [True, False, True]
    assert frame.mark_live(students("Ada")).tolist() == [True]


def test_a_result_is_computed_once_even_with_threads() -> None:
    rows, calls, started = students("Ada"), [], threading.Barrier(4)

    def compute() -> int:
        calls.append(1)
        return 7

    def ask() -> None:
        started.wait()
        assert frame.remember(rows, "answer", compute) == 7

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [1]
