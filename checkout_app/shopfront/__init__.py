"""What everybody may look at: home, products, the cart's page, the shop's policies."""
