"""What mail servers send back: read (reading, reasons), found (folders, imap) and settled (filing)."""
