"""The form: one editor a field kind, built from the table of field specs."""
