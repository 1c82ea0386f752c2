"""考核通报: what a stored run of the assessment says, in words, tables and charts, with an explanation per unit."""
