"""What the columns of a table hold: roles and statistics."""
