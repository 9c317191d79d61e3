"""Whether somebody behind a URL keeps the contract: asked with its own examples, and with what nobody would ask."""
