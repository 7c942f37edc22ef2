"""What people and workers do with files: one noun a module."""
