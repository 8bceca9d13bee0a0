"""Upload documents, review them, end them when their last day is over."""
