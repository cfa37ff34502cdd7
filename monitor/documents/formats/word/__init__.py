"""Word documents of all ages, and what LibreOffice makes of the old ones."""
