"""Change incidents, reports and the lists of areas."""
