"""Parcels of orders: sending them, that they arrived, and what came back."""
