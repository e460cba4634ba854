"""What every page is made of: the frame around it and the small parts inside it. Knows no room of the shop."""
