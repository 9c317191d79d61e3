"""What `pos-client COMMAND` does, one module a command."""
