"""Record linkage after Fellegi and Sunter: candidate pairs, comparison, probabilities and assignment, without settings."""
