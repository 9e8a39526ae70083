"""Documents that are uploaded: `reading.text_of` is the entry; what parses them runs in a child without Django."""
