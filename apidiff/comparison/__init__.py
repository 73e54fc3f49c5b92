"""The public comparison: two specs in, every change out, within a scope and with what people let pass."""
