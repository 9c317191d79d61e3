"""The certificate of a day: what its books are worth, for the manager."""
