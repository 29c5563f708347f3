"""What a whole edition shows: matrix, category pages and statistics, computed from publications."""
