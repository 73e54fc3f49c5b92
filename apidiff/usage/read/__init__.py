"""SHELL: log files as one view of canonical events, whatever their formats."""
