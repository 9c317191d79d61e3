"""Gilbarco Two-Wire: a current loop of 5787 bit/s, even parity; one master, pumps 1 to 16, a word is a byte."""
