"""The window, offscreen, with everything behind it real but the embedded browser and the keyring."""
