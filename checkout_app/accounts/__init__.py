"""How people get in and out: sign-up, sign-in, guests, sign-out."""
