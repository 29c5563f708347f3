"""What readers get, one module for each kind of address."""
