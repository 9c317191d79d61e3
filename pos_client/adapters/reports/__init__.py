"""Tables as files of other programs."""
