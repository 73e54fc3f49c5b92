"""What comes after the plan: who has moved, and whether a release may go. Pure."""
