"""What happened to a file: hypotheses, their evidence, their inverse."""
