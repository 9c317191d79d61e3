"""DART pump interface: RS-485, 9600 bit/s, 8 data bits, odd parity; one master, heads at addresses 50h to 6Fh."""
