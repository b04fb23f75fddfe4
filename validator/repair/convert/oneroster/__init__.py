"""OneRoster 1.1 and 1.2 bundles, written from a roster."""
