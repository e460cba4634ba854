"""Makes orders again that the gateway has money for and the books lost."""
