"""The list of uses and credits of points, and where undoing one begins."""
