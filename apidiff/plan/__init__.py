"""The plan as a value, and how it is made: who comes first, by which policy, on which days. Pure."""
