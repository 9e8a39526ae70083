"""The HTTP interface of MaryTTS, which Speech Dispatcher and home automation speak: a text in the query, a wav back.

Its clients send no key, so a setting says whose account they use, and from which networks that is allowed.
"""
