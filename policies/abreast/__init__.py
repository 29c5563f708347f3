"""Two to six countries of an edition, or editions of a country, side by side."""
