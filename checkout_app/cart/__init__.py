"""What somebody wants to buy: their cart, with versions, which merges by itself when it meets who they are."""
