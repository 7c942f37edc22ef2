"""Records of one table that mean the same: clusters, and one golden record for each."""
