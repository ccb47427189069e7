"""Pure builders: records in, Block Kit dicts out. Each noun's ids, builders and form readers side by side."""
