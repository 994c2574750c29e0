"""The studio: a clip's layers of sound seen, heard and moved in a browser, and kept in a file."""
