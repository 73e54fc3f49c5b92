"""Another differ's settings as ours: oasdiff's ignore files, severity levels and configuration."""
