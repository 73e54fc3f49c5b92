"""Who owns which key, as CRM exports say it."""
