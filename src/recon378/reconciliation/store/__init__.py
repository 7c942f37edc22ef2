"""Plain SQL of the results: partitions, pages, tallies and balances of a job."""
