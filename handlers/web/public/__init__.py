"""Published outcomes for everybody: pages, feed and JSON."""
