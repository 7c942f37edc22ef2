"""Quality and speed of the engine on generated and public data: `python -m benchmarks --help`."""
