"""What a ruleset says: passes, conditions and filters, as values, as plain data and as YAML."""
