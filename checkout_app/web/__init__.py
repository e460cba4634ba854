"""What surrounds the pages and the API: assembly, the guard, security headers."""
