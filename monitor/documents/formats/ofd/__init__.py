"""OFD (GB/T 33190), the national fixed layout."""
