"""Other forms of an issued issue, made of what was signed and proven to say the same."""
