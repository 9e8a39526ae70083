"""One function for each kind of document: a file to the pieces of its text. Runs in the child only."""

import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from synthesis.documents import archives, markup
from synthesis.documents.errors import Refused as Refused

MOST_PAGES = 10_000
_TAGS = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")
_OPF = "{http://www.idpf.org/2007/opf}"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_MARKUP_TYPES = frozenset({"application/xhtml+xml", "text/html"})
# pdfium marks a word that was divided at the end of a line so.
_DIVIDED = re.compile("\ufffe\\s*")
_PAGE_NUMBER = re.compile(r"\s*[-–—]?\s*\d{1,5}\s*[-–—]?\s*")


def markdown(path: Path) -> Iterator[str]:
    from markdown_it import MarkdownIt

    written = path.read_text(encoding="utf-8")
    front_matter = re.match(r"\A---\n.*?\n---\n", written, re.DOTALL)
    body = written[front_matter.end() :] if front_matter else written
    yield markup.text_of(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(body))


def html(path: Path) -> Iterator[str]:
    yield markup.text_of(path.read_text(encoding="utf-8"))


def docx(path: Path) -> Iterator[str]:
    import mammoth

    with archives.opened(path, "docx") as archive:
        if "word/document.xml" not in archive:
            raise Refused("This is no docx file.")
        _refuse_declarations(archive.read("word/document.xml"))
    with path.open("rb") as file:
        # Pictures are not read aloud: without this they would be in the text, encoded.
        nothing = mammoth.images.img_element(lambda image: {"src": ""})
        done = mammoth.convert_to_html(file, convert_image=nothing, external_file_access=False)
    yield markup.text_of(done.value or "<p></p>")


def epub(path: Path) -> Iterator[str]:
    """The chapters in the order of reading."""
    with archives.opened(path, "epub") as archive:
        container = _xml(archive.read("META-INF/container.xml"))
        rootfile = container.find(f".//{_CONTAINER}rootfile")
        if rootfile is None:
            raise Refused("This is no epub file.")
        package_path = rootfile.get("full-path", "")
        package = _xml(archive.read(package_path))
        if "META-INF/encryption.xml" in archive and b"EncryptedData" in archive.read("META-INF/encryption.xml"):
            _refuse_protected(archive.read("META-INF/encryption.xml"))
        items = {
            item.get("id"): item.get("href", "")
            for item in package.iterfind(f".//{_OPF}manifest/{_OPF}item")
            if item.get("media-type") in _MARKUP_TYPES
        }
        for reference in package.iterfind(f".//{_OPF}spine/{_OPF}itemref"):
            href = items.get(reference.get("idref"))
            if href and reference.get("linear") != "no":
                name = posixpath.normpath(posixpath.join(posixpath.dirname(package_path), unquote(href)))
                yield markup.text_of(archive.read(name)) + "\n"


def pdf(path: Path) -> Iterator[str]:
    """The text page by page, lines as they stand; page numbers alone on a line are left out."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused("The PDF is protected by a password.") from error
        raise Refused("This is no PDF, or it is damaged.") from error
    if len(document) > MOST_PAGES:
        raise Refused(f"The PDF has more than {MOST_PAGES} pages.")
    empty = True
    for page in document:
        spoken = _page(page.get_textpage().get_text_bounded())
        empty = empty and not spoken.strip()
        yield spoken
    if empty:
        raise Refused("The PDF holds pictures and no text: recognise its text (OCR) first.")


def _page(written: str) -> str:
    whole = _DIVIDED.sub("", written.replace("\r\n", "\n"))
    lines = [line for line in whole.split("\n") if not _PAGE_NUMBER.fullmatch(line)]
    return "\n".join(lines).rstrip() + "\n"


def srt(path: Path) -> Iterator[str]:
    """What the subtitles say, without their times; a sentence that goes on in the next one is put together."""
    import srt as subtitles

    try:
        entries = list(subtitles.parse(path.read_text(encoding="utf-8")))
    except subtitles.SRTParseError as error:
        raise Refused("This is no srt file, or it is damaged.") from error
    if not entries:
        raise Refused("This is no srt file: it has no subtitle.")
    for entry in entries:
        said = " ".join(_TAGS.sub("", entry.content).split())
        if said:
            yield said + ("\n" if said[-1] in '.!?…:»”"' else " ")
    yield "\n"


def _xml(content: bytes) -> etree._Element:
    """Without entities, network or giant trees. Raises Refused."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(content, parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("The file is damaged.") from error


def _refuse_declarations(content: bytes) -> None:
    """No honest office document declares entities, and the library behind would unfold them."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refused("The file declares entities, which are not read.")


def _refuse_protected(encryption: bytes) -> None:
    """Fonts are often obfuscated, and that is no matter; chapters that are encrypted cannot be read."""
    for reference in _xml(encryption).iter("{http://www.w3.org/2001/04/xmlenc#}CipherReference"):
        if not reference.get("URI", "").lower().endswith((".otf", ".ttf", ".woff", ".woff2")):
            raise Refused("The book is protected (DRM).")


READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    "md": markdown,
    "html": html,
    "docx": docx,
    "epub": epub,
    "pdf": pdf,
    "srt": srt,
}
