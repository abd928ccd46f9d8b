"""Invented sample data of the gallery, edge cases first."""
