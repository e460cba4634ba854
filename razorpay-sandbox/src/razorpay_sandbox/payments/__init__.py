"""How money moves: attempts, captures, failures, refunds, settlements, and what time alone does."""
