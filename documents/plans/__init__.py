"""Reading a plan document (.txt, .docx, .pdf) into a draft plan that a person completes."""
