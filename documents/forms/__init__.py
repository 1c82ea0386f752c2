"""The reporting form (报表) of a unit as a workbook: written prefilled and locked, told apart when it comes back."""
