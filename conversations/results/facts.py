"""What the steps about results know."""

QUOTE_MOST = 300  # letters of somebody's sentence
