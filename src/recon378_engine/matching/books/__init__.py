"""Records as entries of a book: amounts, dates, references, words and what two entries have in common."""
