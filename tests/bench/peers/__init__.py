"""The same conversation in other frameworks, written as their documentation shows."""
