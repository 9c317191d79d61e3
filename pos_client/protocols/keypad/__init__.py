"""What keypads say on their wires: keys of USB keypads on Linux and Windows, and lines of the serial PIN pad."""
