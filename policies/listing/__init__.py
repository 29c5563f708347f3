"""Lists of what is published: chosen by filters, sorted, counted, and cut into pages."""
