"""What a factsheet would score if its facts were others: the address, the arithmetic, the page."""
