"""The middleware that serves callers of the base in front of the new server: what it can do, as one table of data."""
