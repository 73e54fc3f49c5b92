"""The stages in their order: the plan, what follows it, and the demo. No domain logic lives here."""
