"""Migrations of the database; `accounts.migrate` runs them."""
