"""Every bar that the engine is held to, measured by one command: `python -m benchmarks.bars`."""
