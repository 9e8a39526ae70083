"""Rules that Azerbaijani and Turkish share; the words come from the language's own package."""
