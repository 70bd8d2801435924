"""Files in and out: workbooks, pictures, charts, posters and exports."""
