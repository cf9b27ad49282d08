"""Who may do what, asked of every route that the application has."""
