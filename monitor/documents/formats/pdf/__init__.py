"""PDF with text: glyphs and lines back to paragraphs and tables."""
