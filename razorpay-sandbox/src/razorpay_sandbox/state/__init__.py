"""What the gateway remembers and how it is set: store, clock, account settings, fault rules, delivery policy."""
