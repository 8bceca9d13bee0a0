"""Pages of cooperatives."""
