"""What a plan folder may contain, file by file: frozen models that refuse unknown keys."""
