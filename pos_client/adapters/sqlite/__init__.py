"""The journal on disk: SQLite by way of apsw, which carries its own current SQLite."""
