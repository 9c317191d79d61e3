"""Prices in force, what comes next, and what the pumps themselves show."""
