"""How an XLSForm workbook is read: the raw sheets first, every problem at once, then the form."""
