"""What people and workers do with reconciliations: one noun a module."""
