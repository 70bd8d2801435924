"""What is said, and the rules of the work: pure words, no clock, no files, no network."""
