"""How a database of the reference central comes from any earlier schema to the present one.

Revisions are numbered modules in `versions/`, one linear chain. All that are missing run in one transaction, on SQLite
as on PostgreSQL: a migration that was cut off has changed nothing, and the next start begins it again.
"""
