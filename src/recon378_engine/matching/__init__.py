"""Two typed tables in, matches with a probability and an explanation out."""
