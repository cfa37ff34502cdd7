"""The office's web page over the store: read-only, rendered here, without scripts or anything from elsewhere."""
