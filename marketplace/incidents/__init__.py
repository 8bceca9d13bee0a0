"""What goes wrong at a mine site or a cooperative, from the first word of it until it is put right."""
