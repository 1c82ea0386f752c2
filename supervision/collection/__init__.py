"""The rules of reporting (报送): windows, what a file says, what is checked, and what a request comes to. Pure."""
