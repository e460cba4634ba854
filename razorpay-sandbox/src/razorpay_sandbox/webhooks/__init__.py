"""Events, the deliveries they owe, and the sender that climbs the retry ladder."""
