"""A serial PIN pad that is none: the pad's end of the wire, for demonstrations and tests."""
