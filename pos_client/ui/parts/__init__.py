"""Small widgets and painters that more than one screen uses."""
