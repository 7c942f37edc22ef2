"""What a finished job has to say: the result, its exceptions and reasons, its proof, its difference to another."""
