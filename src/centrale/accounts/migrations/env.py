"""Alembic's entry: runs in the transaction that `centrale.accounts.migrate` holds."""

from alembic import context

from centrale.accounts.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite can roll back tables too; Alembic only has to be told.
    transactional_ddl=True,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
