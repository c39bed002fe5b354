"""What is kept between starts: settings, API keys, and the paths they lie at. Only importer of keyring."""
