"""What administrators type into the pages of libraries and kinds: kept as typed, read, and what is wrong with it."""
