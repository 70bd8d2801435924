"""The conversations and their rules: pure functions on data, without a clock, files or the network."""
