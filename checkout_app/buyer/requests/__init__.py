"""What a buyer asks the shop for about a paid order."""
