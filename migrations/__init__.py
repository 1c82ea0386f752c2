"""Alembic migrations: numbered, one head, each with upgrade and downgrade."""
