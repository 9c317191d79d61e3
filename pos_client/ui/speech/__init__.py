"""Amounts spoken at the pump."""
