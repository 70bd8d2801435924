"""The web channel: the conversation as a page."""
