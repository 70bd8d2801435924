"""The web page, as it is drawn and as it behaves in a real browser."""
