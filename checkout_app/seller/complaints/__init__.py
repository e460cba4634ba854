"""Complaints: each has a number, and two clocks that the law has set."""
