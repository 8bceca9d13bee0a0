"""How a cooperative comes to the marketplace and stays: its application, visits, declarations and renewals."""
