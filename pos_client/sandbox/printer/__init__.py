"""A receipt printer: reads the bytes a real one would, and says what it would say."""
