"""A look into workbooks of every kind before and beside the library that reads them: sizes, formats, errors of formulas."""
