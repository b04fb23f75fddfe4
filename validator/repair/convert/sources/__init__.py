"""What the own files of each format hold beyond the roster that is judged."""
