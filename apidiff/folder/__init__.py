"""Everything on disk: plan.json both ways, what people wrote, history, salt; written whole or not at all."""
