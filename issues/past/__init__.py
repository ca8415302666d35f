"""How the text of a past issue is read: lines, then their parts, then their order."""
