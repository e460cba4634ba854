"""The pages that let people in, and those that a mail leads to."""
