"""What tests may order: payments without a browser, faults, time, outcomes, a clean slate."""
