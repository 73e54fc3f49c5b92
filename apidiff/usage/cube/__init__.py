"""From events to the cube: routes, retries and counts, as one relational plan for every engine."""
