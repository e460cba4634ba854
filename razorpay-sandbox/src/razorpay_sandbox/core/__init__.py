"""What everything else stands on: configuration, refusals, ids, amounts, checks of single fields."""
