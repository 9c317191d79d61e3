"""One module a revision, `rNNNN_what_it_does.py`, each standing on the one before it."""
