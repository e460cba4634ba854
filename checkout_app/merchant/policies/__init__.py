"""The texts of the shop's policies: the questions they are made from, and each of them with those before."""
