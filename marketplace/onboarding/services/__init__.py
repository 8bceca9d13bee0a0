"""Changes of applications, visits and declarations."""
