"""Where a parcel goes and what that costs: addresses, States by PIN, zones and their charges."""
