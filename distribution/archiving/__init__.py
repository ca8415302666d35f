"""The archive package (归档包) of an issued issue: what was signed, how it came about, and who received it."""
