"""What a purchase over HTTP costs beside pgbench running the very same statements: `make bench-purchase`."""
