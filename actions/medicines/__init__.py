"""Medicine requests: what is wanted, screening, the morning's list, fetching, pictures of boxes."""
