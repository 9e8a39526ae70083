"""What is wrong in a document in SSML, in the language of the page: the API speaks English."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from synthesis.domain.ssml import Misplaced

TEMPLATES = (
    gettext_noop("<{element}> is not supported. Use: {known}"),
    gettext_noop("<{element}>: {attribute} is not supported. Use: {known}"),
    gettext_noop("<speak>: version is 1.0 or 1.1"),
    gettext_noop("<speak>: xmlns is {namespace}"),
    gettext_noop("<speak> is around all others, once"),
    gettext_noop("<{element}>: xml:lang is one of {known}{but}"),
    gettext_noop("<{element}> is empty"),
    gettext_noop("<{element}>: <{outer}> holds a text only"),
    gettext_noop("<{element}> is not allowed in <{outer}>"),
    gettext_noop("<{element}>: a name of one line is required"),
    gettext_noop("<{element}>: the text that it is about is missing"),
    gettext_noop("more than {most} elements"),
    gettext_noop("elements are nested more than {most} deep"),
    gettext_noop("a document type is not allowed, nor are entities of one's own"),
    gettext_noop("the processing instruction {target} is not allowed"),
    gettext_noop("<break>: strength is one of {known}{but}"),
    gettext_noop("<break>: time is such as 500ms or 1.5s, up to {most}s"),
    gettext_noop("<break>: at most {seconds}s in one place and {minutes} minutes in all"),
    gettext_noop("<prosody>: rate or volume is required"),
    gettext_noop(
        "<prosody>: with what is around it, rate gives {speed} times the usual speed; {least} to {most} are possible"
    ),
    gettext_noop("<prosody>: with what is around it, volume gives {gain}dB; {least}dB to {most}dB are possible"),
    gettext_noop("<prosody>: rate is one of {known}, or such as 120%, +20% or 1.2{but}"),
    gettext_noop("<prosody>: volume is one of {known}, or such as +3dB or -6dB{but}"),
    gettext_noop("<voice>: there is no voice {name}. Use one of: {known}"),
    gettext_noop("<voice>: {name} is spoken by {engine}, {other} by {others}; the voices of one job need one engine"),
    gettext_noop("<sub>: an alias of at most {most} characters is required"),
    gettext_noop("<phoneme>: alphabet is ipa"),
    gettext_noop("<phoneme>: ph of at most {most} characters is required"),
    gettext_noop("<phoneme>: ph holds {unknown}, which no voice can say"),
    gettext_noop("<phoneme>: ph holds no sound"),
    gettext_noop("<phoneme>: a word of at most {most} characters is required inside"),
    gettext_noop("<say-as>: interpret-as is one of {known}{but}"),
    gettext_noop("<say-as>: {kind} has no format"),
    gettext_noop("<say-as>: characters are up to {most} letters, digits and . / _ ? = & # : + % ~ @ -"),
    gettext_noop("<say-as>: digits are up to {most} of 0-9, parted by spaces, brackets or any of + - . /"),
    gettext_noop("<say-as>: a cardinal is a whole number of up to 15 digits"),
    gettext_noop("<say-as>: an ordinal is a whole number of up to 9 digits"),
    gettext_noop("<say-as>: the format of a date is one of {known}{but}"),
    gettext_noop("<say-as>: a date is day, month and year in digits, such as 28.05.1918"),
    gettext_noop("<say-as>: this date needs a format, one of {known}"),
    gettext_noop("<say-as>: a date without signs between is written as ymd"),
    gettext_noop("<say-as>: the calendar has no such date of the years 1000 to 2999 in the format {format}"),
    gettext_noop("<say-as>: the format of a time is hms12 or hms24{but}"),
    gettext_noop("<say-as>: a time is such as 14:30, 14:30:15 or 2:30 pm"),
    gettext_noop("<say-as>: a currency is an amount such as 12.50 with one of {known}"),
    # Of expat.
    gettext_noop("syntax error"),
    gettext_noop("no element found"),
    gettext_noop("not well-formed (invalid token)"),
    gettext_noop("unclosed token"),
    gettext_noop("mismatched tag"),
    gettext_noop("duplicate attribute"),
    gettext_noop("junk after document element"),
    gettext_noop("undefined entity"),
    gettext_noop("unclosed CDATA section"),
    gettext_noop("XML or text declaration not at start of entity"),
)
"""All that the domain raises, by a test, and what expat says of documents that people write."""


def told(problem: Misplaced) -> str:
    """The sentence for the reader, with line and column."""
    values: Mapping[str, Any] = {**problem.values, "but": ""}
    if instead := problem.values.get("but"):
        values = {**values, "but": _(", not {written}").format(written=f"“{instead}”")}
    what = _(problem.template).format(**values)
    return _("Line {line}, column {column}: {problem}.").format(line=problem.line, column=problem.column, problem=what)
