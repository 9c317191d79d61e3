"""pos_client: the forecourt loyalty terminal."""

__version__ = "0.1.0"
