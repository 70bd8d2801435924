"""Parses XLSForm workbooks: opens the sheets, collects all problems at once, and builds the form."""
