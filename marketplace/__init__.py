"""The fair-price gemstone and gold marketplace."""
