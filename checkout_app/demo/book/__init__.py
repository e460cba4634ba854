"""The recipe book that the demo shop sells: what is in it, and how it becomes a PDF."""
