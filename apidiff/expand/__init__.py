"""Is the break necessary? The additive form of every break: made, proved, and written as people wrote the spec."""
