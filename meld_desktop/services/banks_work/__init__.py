"""What ``services.banks`` is made of: the values it hands out, the directory it asks, and where the banks come from."""
