"""New versions of the program: their manifest, their download, the shelf they wait on."""
