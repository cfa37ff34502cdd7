"""Bytes → Document: a module a format. Knows how files are built, and of the form only its labels."""
