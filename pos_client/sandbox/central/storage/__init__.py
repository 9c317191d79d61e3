"""Tables and the database they live in."""
