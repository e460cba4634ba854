"""What the shopkeeper does about what is for sale."""
