"""Forms that a browser posts itself, taken the same way for every page, with scripts and without."""
