"""What surrounds the rooms: the API put together, start and stop, headers, limits, built pages, health."""
