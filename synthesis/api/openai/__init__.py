"""The speech endpoint of OpenAI's API and its lists, for the many clients that know no other."""
