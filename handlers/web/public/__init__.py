"""What changed, for everybody: the pages, the feed and the data of all that is published."""
