"""The contracts of adapters run against the same real server as the platform's tests."""

from tests.platform.conftest import own_database, own_database_url, server_url, template

__all__ = ["own_database", "own_database_url", "server_url", "template"]
