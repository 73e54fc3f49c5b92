"""Whole calls: requests and answers that one side's spec allows, each judged by a JSON Schema validator."""
