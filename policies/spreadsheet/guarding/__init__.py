"""What the guard does, by room: the zip, its XML, and each kind of file."""
