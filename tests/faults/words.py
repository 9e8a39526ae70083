"""The names of the faults; apart from `inject`, which changes the engine of the process that loads it."""

PACE = "pace"
SPEAK_SECONDS, JOIN_SECONDS = "speak-seconds", "join-seconds"
RAISES, HANGS, HANGS_HARD, NOT_A_NUMBER, EATS, DIES = "partlayan", "donmuş", "daşlaşmış", "rəqəmsiz", "acgöz", "ölən"
WORDS = (RAISES, HANGS, HANGS_HARD, NOT_A_NUMBER, EATS, DIES)
