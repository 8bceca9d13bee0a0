"""Every address and every method of the application, walked by everybody."""
