"""What is for sale as a table in a file: out of the shop for a spreadsheet, and in again."""
