"""Changes of custody: events that people record, events the marketplace knows by itself, tags as stock."""
