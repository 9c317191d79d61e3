"""The demonstration: the real program on the sandbox, played by hand or by scenario."""
