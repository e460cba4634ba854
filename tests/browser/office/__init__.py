"""The back office in a browser: a package, whose shop is open for as long as its tests run."""
