"""Spreadsheets: files out, files in, and the guard at the door."""
