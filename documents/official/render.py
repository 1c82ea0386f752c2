"""A paper as a file: `as_docx` for whoever edits, signs and prints it, `as_pdf` for whoever reads it."""

from documents.official.typeset import as_pdf, substitution_note
from documents.official.word import as_docx

__all__ = ["as_docx", "as_pdf", "substitution_note"]
