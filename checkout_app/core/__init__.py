"""What every room may use: settings, database, errors, money, time and ids."""
