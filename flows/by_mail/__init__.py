"""Answers by mail: a unit mails its workbook back, it is filed as if it had been uploaded, and the sender is told."""
