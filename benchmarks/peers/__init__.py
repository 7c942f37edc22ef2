"""Other record-linkage programs on the same sets: what each is told, and how it is run. They live in an environment of their own.

`python -m benchmarks.peers PEER SET FOLDER OUT` runs one of them with the Python of that environment.
"""
