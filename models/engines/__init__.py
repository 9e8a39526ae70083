"""Engines: text and a voice in, samples out. ``base`` holds the contract, ``loader`` the list of engines."""
