"""Who is asking: sign-up, login, guests, tokens."""
