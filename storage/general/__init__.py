"""What is kept about one person, from every subject."""
