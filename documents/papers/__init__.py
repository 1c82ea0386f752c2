"""The papers of the office, from what the database holds to what each paper says. Layout is not their business."""
