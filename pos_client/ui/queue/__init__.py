"""The queue desk: what head office has not confirmed."""
