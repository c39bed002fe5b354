"""The panel *Banks*: which banks this customer will see, and why not the others."""
