"""The sales that were paid: a list to search in, whatever its length."""
