"""Who is asking: users, their sessions, tokens, and the guard that pages and API share."""
