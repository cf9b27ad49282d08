"""Forms: their fields, the words beside them, and what is said when a value does not fit."""
