"""Opening hours in Chinese words: letters, tokens, items, statements, and the rules they make."""
