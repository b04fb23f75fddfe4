"""Columns of each format's own files beyond the roster that is judged."""
