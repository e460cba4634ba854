"""The ASGI application around it all: faults, the guard of private pages, background work."""
