"""The reference central service: what head office runs, small enough to read, on loopback in a process of its own."""
