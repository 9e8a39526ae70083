"""The lexicon as the W3C's Pronunciation Lexicon Specification 1.0: words, aliases and IPA, one language a file.

PLS knows no case rule, no parts of words and no notes: what is read covers whole words in any case.
"""

from collections.abc import Iterable
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from models.pronunciations import Entry
from synthesis.domain.errors import InvalidInput
from synthesis.domain.language import primary
from synthesis.domain.lexicon.records import Collected, Record

_NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SAYINGS = (f"{{{_NAMESPACE}}}alias", f"{{{_NAMESPACE}}}phoneme")

ElementTree.register_namespace("", _NAMESPACE)


def read(content: bytes, language: str | None) -> Collected:
    """The records of a PLS document. Raises InvalidInput for what is none, or has a DTD or entities of its own."""
    root = _root(content)
    tag = root.get(_LANG, "")
    spoken = (primary(tag) or tag) if tag else language or ""
    alphabet = root.get("alphabet", "ipa")
    collected = Collected()
    for number, lexeme in enumerate(root.findall(_name("lexeme")), 1):
        graphemes = [text for element in lexeme.findall(_name("grapheme")) if (text := _text(element))]
        place = f"lexeme {number}" + (f" ({graphemes[0][:40]})" if graphemes else "")
        saying = _preferred(lexeme)
        if not graphemes or saying is None:
            collected.refuse(place, "Needs a grapheme, and an alias or a phoneme.")
            continue
        is_phoneme = saying.tag == _name("phoneme")
        used = saying.get("alphabet", alphabet)
        if is_phoneme and used.lower() != "ipa":
            collected.refuse(place, f"phoneme: The alphabet {used[:20]!r} is not understood, only IPA is.")
            continue
        alias, ipa = ("", _text(saying)) if is_phoneme else (_text(saying), "")
        for count, grapheme in enumerate(graphemes):
            where = place if count == 0 else f"lexeme {number} ({grapheme[:40]})"
            collected.add(Record(spoken, Entry(grapheme, alias, ipa)), where)
    return collected


def write(records: Iterable[Record], language: str) -> str:
    """The records, all of that language, as a PLS document."""
    root = ElementTree.Element(_name("lexicon"), {"version": "1.0", "alphabet": "ipa", _LANG: language})
    for record in records:
        entry = record.entry
        lexeme = ElementTree.SubElement(root, _name("lexeme"))
        ElementTree.SubElement(lexeme, _name("grapheme")).text = entry.grapheme
        ElementTree.SubElement(lexeme, _name("alias" if entry.alias else "phoneme")).text = entry.alias or entry.ipa
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _root(content: bytes) -> ElementTree.Element:
    try:
        root: ElementTree.Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise InvalidInput(
            "file: A document type and entities of its own are not allowed in a PLS document."
        ) from error
    except ElementTree.ParseError as error:
        line = error.position[0]
        raise InvalidInput(f"file: Line {line} is not well-formed XML.") from error
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise InvalidInput("file: The encoding of the XML document cannot be read; save it as UTF-8.") from error
    if root.tag != _name("lexicon"):
        raise InvalidInput(f'file: Not a PLS document: its root must be <lexicon xmlns="{_NAMESPACE}">.')
    return root


def _preferred(lexeme: ElementTree.Element) -> ElementTree.Element | None:
    """The alias or phoneme that is marked so, else the first."""
    sayings = [element for element in lexeme if element.tag in _SAYINGS and _text(element)]
    marked = (saying for saying in sayings if saying.get("prefer") == "true")
    return next(marked, sayings[0] if sayings else None)


def _text(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _name(tag: str) -> str:
    return f"{{{_NAMESPACE}}}{tag}"
