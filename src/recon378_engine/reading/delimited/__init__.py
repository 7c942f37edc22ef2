"""Delimited text as cells: its dialect, its records one by one, and whole blocks at once."""
