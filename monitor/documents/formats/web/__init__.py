"""Pages and what is saved of them."""
