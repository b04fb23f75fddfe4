"""Repair of exports: corrected copies, conversions to other formats, and the log of each change."""
