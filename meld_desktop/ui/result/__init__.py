"""What came of it: the widget with its link bar, the request and the response."""
