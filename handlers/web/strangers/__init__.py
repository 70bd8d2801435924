"""What anybody may do without a page, and how often."""
