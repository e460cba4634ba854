"""What is sent to buyers: parcels on their way, and what comes back of them."""
