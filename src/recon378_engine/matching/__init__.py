"""Matching: two typed tables and a ruleset in, matches, open records and their proof out."""
