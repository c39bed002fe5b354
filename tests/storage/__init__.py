"""What is kept between starts, on real files and in a real keyring."""
