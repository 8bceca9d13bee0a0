"""The pure rules of custody: weights, order of events, models of ISO 22095, tags."""
