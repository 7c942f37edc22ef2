"""The bytes of a file: unwrapped, decoded, and XML cut into elements."""
