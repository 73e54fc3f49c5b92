"""Documents made from a comparison or a plan: formatting only, nothing is computed here."""
