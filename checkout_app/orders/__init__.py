"""The record: orders, their lines and their timeline."""
