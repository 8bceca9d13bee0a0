"""Papers that people upload: safe files, their review, what they are needed for, and when they end."""
