"""The web door: the same conversation as a page."""
