"""What changes: lists, screenings of names, decisions on hits."""
