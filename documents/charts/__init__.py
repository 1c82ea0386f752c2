"""Charts: what an assessment found, drawn once and printed as PNG for papers or SVG for pages."""
