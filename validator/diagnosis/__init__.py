"""Damage to files: hypotheses, their evidence, their inverse."""
