"""The operator's commands: what each takes, what it says to a person, and its exit status. The work is done below."""
