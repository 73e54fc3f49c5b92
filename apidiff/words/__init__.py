"""What every stage speaks: errors and their catalogue, JSON Pointers, facts, changes. It imports nothing of ours."""
