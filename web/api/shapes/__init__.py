"""What the API takes and gives: the shapes of its OpenAPI description, an area a module, each with an example."""
