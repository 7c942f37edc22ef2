"""The passes of a ruleset: each takes the records still open and gives back matches."""
