"""Alembic's entry: runs the steps on the connection it is given."""

from alembic import context

from recon378.migrations.upgrade import load_models

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=load_models(),
    compare_type=True,
    compare_server_default=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
