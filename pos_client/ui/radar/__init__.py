"""The week's signs, for whoever may read them."""
