"""Arrow columns that were read in pieces, put together."""

from __future__ import annotations

import pyarrow as pa

LARGEST = 2**31 - 1
"""Bytes of text that one piece can hold."""


def combine_pieces(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column in one piece; as it is where its text is more than a piece can hold."""
    if column.num_chunks == 1:
        return column
    if pa.types.is_dictionary(column.type) and column.num_chunks:
        # Once the pieces share a dictionary only their numbers are put together: Arrow would go over it for each piece.
        alike = column.unify_dictionaries()
        numbers = pa.chunked_array([piece.indices for piece in alike.chunks]).combine_chunks()
        return pa.chunked_array(
            [pa.DictionaryArray.from_arrays(numbers, alike.chunk(0).dictionary)]
        )
    if column.nbytes > LARGEST:
        return column
    whole = column.combine_chunks()
    return (
        whole if isinstance(whole, pa.ChunkedArray) else pa.chunked_array([whole], type=column.type)
    )
