"""Official papers: what one says (content), and the page after GB/T 9704-2012 as .docx and .pdf."""
