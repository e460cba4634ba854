"""Backups of the shop, on either database: made while it sells, and every night; put back whole or not at all."""
