"""Who sells: data, never code."""
