"""Chunked Arrow columns combined into one chunk."""

from __future__ import annotations

import pyarrow as pa

LARGEST = 2**31 - 1
"""Bytes of text that one Arrow chunk can hold."""


def combine_pieces(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Combine the pieces of a column to encode into one array, unless its text is too large."""
    if column.num_chunks == 1:
        return column
    if pa.types.is_dictionary(column.type) and column.num_chunks:
        # Unify first: `combine_chunks` alone would go through the dictionary once per chunk.
        unified = column.unify_dictionaries()
        indices = pa.chunked_array([chunk.indices for chunk in unified.chunks]).combine_chunks()
        dictionary = unified.chunk(0).dictionary
        return pa.chunked_array([pa.DictionaryArray.from_arrays(indices, dictionary)])
    if column.nbytes > LARGEST:
        return column
    combined = column.combine_chunks()
    if isinstance(combined, pa.ChunkedArray):
        return combined
    return pa.chunked_array([combined], type=column.type)
