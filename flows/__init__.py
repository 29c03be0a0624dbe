"""The only place with I/O: readers, fields, writers, the flow, the command line and the report."""
