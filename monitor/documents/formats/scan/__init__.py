"""Pictures of print: found lines, recognised cells, and doubts."""
