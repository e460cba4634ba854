"""How somebody complains, with scripts and without."""
