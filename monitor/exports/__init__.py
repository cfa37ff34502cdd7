"""What leaves the house as a file: lists for people and for other tools. Values in, bytes out; nothing is looked up."""
