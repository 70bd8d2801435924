"""Papers: the files that go in and out, such as workbooks, pictures and exports."""
