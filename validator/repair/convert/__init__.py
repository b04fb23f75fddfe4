"""Conversion of the roster to a destination's files."""
