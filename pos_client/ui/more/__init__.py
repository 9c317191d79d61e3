"""The strip behind F12: what is done a few times a shift, one letter each, and the few questions that follow."""
