"""From the document to its runs, by the events of expat.

Its own handlers and not a tree or SAX: no tree of a hostile document is ever built, and only expat itself tells at
which byte each piece of text begins. A document type, and with it every entity but XML's own five, is refused before
expat reads on; nothing is ever fetched. Linear in the document's length.
"""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from xml.parsers import expat

from models.catalogue import Voice
from synthesis.domain.errors import InvalidInput
from synthesis.domain.ssml import elements
from synthesis.domain.ssml.elements import Refused
from synthesis.domain.ssml.records import Closes, Delivery, Document, Edit, Mark, Run
from synthesis.domain.text import one_line, speakable

VoiceOf = Callable[[str], Voice]
"""The voice that a document names by its id or name. Raises Refused for one that may not be used."""

DEEPEST = 20
MOST_ELEMENTS = 50_000
LONGEST_REST_MS = 60_000
"""Breaks with no word between them add up to no more."""
LONGEST_RESTS_MS = 3_600_000
"""All breaks of a document together: an hour of silence needs but a few thousand characters."""

# What ends a sentence or a part of one: after it a voice rests by itself.
_RESTING = (".", "!", "?", "…", ",", ";", ":", "—")
_WHITE_SPACE = str.maketrans("\t\r\n", "   ")


def parse(document: str, language: str, voice_of: VoiceOf, speed: float = 1.0) -> Document:
    """The runs of `document`, which is read by the rules of `language` and at `speed` where it says nothing else.

    Raises Misplaced, which names line, column and element.
    """
    parser = _Parser(document, Delivery(None, language, speed), voice_of)
    return parser.parsed()


def reread(document: str, speed: float) -> Document:
    """A document that was taken once, at this speed: its text and marks, whatever has become of its voices."""
    return parse(document, elements.LANGUAGES[0], lambda _: _SOMEBODY, speed)


# For those who only want to know where the text is.
_SOMEBODY = Voice(id=0, name="", language=elements.LANGUAGES[0], gender="", licence="")


class Misplaced(InvalidInput):
    """Something in a document that cannot be taken, and where: `offset` in characters, line and column from 1.

    `template` and `values` are the problem as in Refused.
    """

    def __init__(self, problem: Refused, document: str, offset: int) -> None:
        self.offset = offset
        self.line = document.count("\n", 0, offset) + 1
        self.column = offset - (document.rfind("\n", 0, offset) + 1) + 1
        self.template, self.values = problem.template, problem.values
        super().__init__(f"text: SSML line {self.line}, column {self.column}: {problem}.")


@dataclass(slots=True)
class _Element:
    """An element that is open.

    `start`, `part`: how many characters and pieces of the run were before its text; `byte`: where its tag is.
    """

    name: str
    delivery: Delivery
    attributes: dict[str, str]
    start: int
    part: int
    byte: int


class _Parser:
    def __init__(self, document: str, delivery: Delivery, voice_of: VoiceOf) -> None:
        self._document = document
        # White space one for one: in XML a line break is a space, and expat would hand it over by itself.
        self._bytes = document.translate(_WHITE_SPACE).encode()
        self._is_ascii = len(self._bytes) == len(document)
        self._byte = self._place = 0
        # Where the event that is dealt with begins: expat does not tell any more once a handler has raised.
        self._event = 0
        self._voice_of = voice_of
        self._outer = delivery
        self._open: list[_Element] = []
        self._count = 0
        self._in_cdata = False
        self._runs: list[Run] = []
        self._lead_ms = 0
        # Of all breaks, and of those since the last word.
        self._rests_ms = self._rest_ms = 0
        self._marks: list[Mark] = []
        self._new_run()
        # Marks of the run that is being read, and how many of its characters come before each.
        self._waiting: list[tuple[Mark, int]] = []

    def parsed(self) -> Document:
        expat_parser = self._expat = expat.ParserCreate("utf-8")
        expat_parser.buffer_text = False
        expat_parser.StartElementHandler = self._start
        expat_parser.EndElementHandler = self._end
        expat_parser.CharacterDataHandler = self._text
        expat_parser.StartCdataSectionHandler = self._start_cdata
        expat_parser.EndCdataSectionHandler = self._end_cdata
        expat_parser.StartDoctypeDeclHandler = self._doctype
        expat_parser.EntityDeclHandler = self._doctype
        expat_parser.ProcessingInstructionHandler = self._instruction
        try:
            expat_parser.Parse(self._bytes, True)
        except expat.ExpatError as error:
            problem = Refused(expat.ErrorString(error.code))
            raise Misplaced(problem, self._document, self._place_of(expat_parser.ErrorByteIndex)) from error
        except Refused as problem:
            raise Misplaced(problem, self._document, self._place_of(self._event)) from problem
        finally:
            del self._expat  # its handlers are ours: the circle would keep the document until a collection
        self._marks += (replace(mark, ends=bool(self._runs)) for mark, _ in self._waiting)
        return Document(self._runs, self._marks, self._lead_ms, len(self._document))

    def _place_of(self, byte: int) -> int:
        return len(self._bytes[: max(0, byte)].decode(errors="ignore"))

    def _offset(self) -> int:
        """Where the event stands in the document: bytes counted as characters, each of them once."""
        byte = self._expat.CurrentByteIndex
        if self._is_ascii:
            return byte
        self._place += len(self._bytes[self._byte : byte].decode())
        self._byte = byte
        return self._place

    # --- Events -----------------------------------------------------------------------------------------------------

    def _doctype(self, *_: object) -> None:
        self._event = self._expat.CurrentByteIndex
        raise Refused("a document type is not allowed, nor are entities of one's own")

    def _instruction(self, target: str, _: str) -> None:
        self._event = self._expat.CurrentByteIndex
        raise Refused("the processing instruction {target} is not allowed", target=one_line(target))

    def _start_cdata(self) -> None:
        self._in_cdata = True

    def _end_cdata(self) -> None:
        self._in_cdata = False

    def _text(self, text: str) -> None:
        start = self._offset()
        if not self._in_cdata and self._document[start] == "&":
            # &amp; or &#601;
            end = self._document.index(";", start) + 1
            self._starts.extend([start] * len(text))
            self._ends.extend([end] * len(text))
            text = text.translate(_WHITE_SPACE)
        else:
            end = start + len(text)
            self._starts.extend(range(start, end))
            self._ends.extend(range(start + 1, end + 1))
        self._parts.append(text)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._event = self._expat.CurrentByteIndex
        elements.check_attributes(name, attributes)
        self._check_nesting(name)
        outer = self._open[-1].delivery if self._open else self._outer
        delivery = self._delivery(name, attributes, outer)
        if name in elements.EDITING:
            elements.check_editing(name, attributes)
        elif name == "mark":
            mark = Mark(elements.name(name, attributes), self._offset(), ends=False)
            self._waiting.append((mark, len(self._starts)))
        elif name == "break":
            self._break(attributes)
        elif name in ("p", "s"):
            self._flush(_CLOSES[name], rests=False)
        elif delivery != outer:
            self._flush(rests=False)
        self._open.append(_Element(name, delivery, attributes, len(self._starts), len(self._parts), self._event))

    def _end(self, name: str) -> None:
        element = self._open.pop()
        self._event = element.byte
        if name in elements.EDITING:
            self._edit(element)
        elif name in elements.EMPTY:
            if "".join(self._parts[element.part :]).strip():
                raise Refused("<{element}> is empty", element=name)
        elif name in ("p", "s", "speak"):
            self._flush(_CLOSES[name], element.delivery)
        elif element.delivery != self._open[-1].delivery:
            self._flush(Closes.NOTHING, element.delivery, rests=False)

    # --- What they mean ---------------------------------------------------------------------------------------------

    def _check_nesting(self, name: str) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise Refused("more than {most} elements", most=MOST_ELEMENTS)
        if len(self._open) >= DEEPEST:
            raise Refused("elements are nested more than {most} deep", most=DEEPEST)
        if (name == "speak") == bool(self._open):
            raise Refused("<speak> is around all others, once")
        names = [element.name for element in self._open]
        inner = names[-1] if names else ""
        if inner in elements.EMPTY:
            raise Refused("<{element}> is empty", element=inner)
        if inner in elements.EDITING:
            raise Refused("<{element}>: <{outer}> holds a text only", element=name, outer=inner)
        if (name == "p" and ("p" in names or "s" in names)) or (name == "s" and "s" in names):
            raise Refused("<{element}> is not allowed in <{outer}>", element=name, outer="s" if "s" in names else "p")

    def _delivery(self, name: str, attributes: dict[str, str], outer: Delivery) -> Delivery:
        if name == "speak":
            elements.check_speak(attributes)
        if name == "voice":
            voice = self._voice_of(elements.name(name, attributes))
            return replace(outer, voice_id=voice.id, language=voice.language)
        if name == "prosody":
            speed, gain_db = elements.prosody(attributes, outer.speed, outer.gain_db)
            return replace(outer, speed=speed, gain_db=gain_db)
        language = elements.language_of(name, attributes) if "xml:lang" in elements.ATTRIBUTES[name] else None
        return outer if language in (None, outer.language) else replace(outer, language=language)

    def _break(self, attributes: dict[str, str]) -> None:
        milliseconds = elements.break_ms(attributes)
        if elements.is_no_break(attributes) and not self._rests_here():
            return  # inside a sentence there is none anyway, and a cut would be heard as one
        self._flush(break_ms=milliseconds)
        self._rest_ms += milliseconds
        self._rests_ms += milliseconds
        if self._rest_ms > LONGEST_REST_MS or self._rests_ms > LONGEST_RESTS_MS:
            raise Refused(
                "<break>: at most {seconds}s in one place and {minutes} minutes in all",
                seconds=LONGEST_REST_MS // 1000,
                minutes=LONGEST_RESTS_MS // 60_000,
            )

    def _rests_here(self) -> bool:
        written = "".join(part[-16:] for part in self._parts[-8:]).rstrip()
        return not written or written.endswith(_RESTING)

    def _edit(self, element: _Element) -> None:
        inside = "".join(self._parts[element.part :])
        text = inside.strip()
        start = element.start + len(inside) - len(inside.lstrip())
        say, value = elements.said(element.name, element.attributes, text)
        self._edits.append(Edit(start, start + len(text), say, value))

    def _new_run(self) -> None:
        self._parts: list[str] = []
        self._starts, self._ends = array("I"), array("I")
        self._edits: list[Edit] = []

    def _flush(
        self,
        closes: Closes = Closes.NOTHING,
        delivery: Delivery | None = None,
        break_ms: int | None = None,
        *,
        rests: bool = True,
    ) -> None:
        """End the run that was read so far; without a text in it, the one before it ends so.

        `rests`: marks at its end belong to it, and not to what follows.
        """
        text = "".join(self._parts)
        read = len(text.rstrip())
        if read:
            delivery = delivery or self._open[-1].delivery
            self._runs.append(Run(text, self._starts, self._ends, delivery, self._edits, closes, break_ms))
            if speakable(text):
                self._rest_ms = 0
        elif self._runs:
            last = self._runs[-1]
            last.closes = max(last.closes, closes)
            if break_ms is not None:
                last.break_ms = (last.break_ms or 0) + break_ms
        elif break_ms is not None:
            self._lead_ms += break_ms
        self._pass_marks(read, rests=rests)
        self._new_run()

    def _pass_marks(self, read: int, *, rests: bool) -> None:
        """Those with a word after them are settled, and those that end the run if it `rests`; the others wait."""
        waiting = []
        for mark, before in self._waiting:
            if before < read:
                self._marks.append(mark)
            elif rests and self._runs:
                self._marks.append(replace(mark, ends=True))
            else:
                waiting.append((mark, 0))
        self._waiting = waiting


_CLOSES = {"p": Closes.PARAGRAPH, "s": Closes.SENTENCE, "speak": Closes.PARAGRAPH}
