"""What the program saw of one link: the timeline, where the flow went, how it ended, and two sessions compared."""
