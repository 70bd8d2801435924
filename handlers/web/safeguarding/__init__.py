"""The pages about safeguarding cases."""
