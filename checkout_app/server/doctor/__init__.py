"""One list of everything that going live needs: each thing is looked at, and what is wrong is said with what to do."""
