"""How the points of a country changed over editions and versions, and why."""
