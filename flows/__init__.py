"""The flows: supervision as the engine runs it. Only this package imports the engine, and only where it must."""
