"""Checks of the books: rules that hold at every moment, and the comparison with the gateway paisa by paisa."""
