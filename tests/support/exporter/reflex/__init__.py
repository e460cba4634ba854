"""Found before the real one by a program that is given this folder's parent as PYTHONPATH."""
