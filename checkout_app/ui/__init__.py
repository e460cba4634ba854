"""What every page is made of: the shell around it and the small parts inside it. Knows no room of the shop."""
