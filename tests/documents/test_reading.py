"""The text of documents, as a person would read them aloud, and documents that mean no good."""

import io
import zipfile
from pathlib import Path

import pytest
from pytest_django import Settings

from synthesis.documents.reading import text_of
from synthesis.domain.errors import InvalidInput
from tests.documents import makers

MOST = 1_000_000


@pytest.fixture(autouse=True)
def temporary_files(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    return folder


def read(name: str, content: bytes | str | Path, language: str = "az", most: int = MOST) -> str:
    if isinstance(content, Path):
        content = content.read_bytes()
    return text_of(io.BytesIO(content.encode() if isinstance(content, str) else content), name, language, most)


def refusal(name: str, content: bytes | str | Path, most: int = MOST) -> str:
    with pytest.raises(InvalidInput) as error:
        read(name, content, most=most)
    assert error.value.message.startswith("file: ")
    return error.value.message.removeprefix("file: ")


def test_plain_text_is_what_it_was() -> None:
    assert read("salam.txt", "Salam,\ndünya.\n") == "Salam,\ndünya.\n"
    assert read("mektup.txt", "ığüşöç".encode("cp1254"), "tr") == "ığüşöç"


def test_markdown() -> None:
    written = (
        "---\ntitle: gizli\n---\n# Xidmətlər\n\nİki **qalın** söz və [keçid](http://a.az).\n\n- bir\n- iki\n\n"
        "1. əvvəl\n2. sonra\n\n| Ad | Qiymət |\n|---|---|\n| Çay | 2 AZN |\n\n<!-- gizli -->\n"
    )
    assert read("a.md", written) == (
        "Xidmətlər\n\nİki qalın söz və keçid.\n\n- bir\n- iki\n\n1. əvvəl\n2. sonra\n\nAd, Qiymət\nÇay, 2 AZN\n"
    )


def test_html_without_what_nobody_reads() -> None:
    written = (
        "<html><head><title>başlıq</title><style>p{}</style></head><body><nav>menyu</nav><h1>Xəbər</h1><p>Birinci&nbsp;sətir"
        "<br>ikinci   sətir</p><script>alert(1)</script><ul>\n <li>bir</li>\n <li>iki</li>\n</ul>\nSon.</body></html>"
    )
    assert read("a.html", written) == "Xəbər\n\nBirinci\xa0sətir\nikinci sətir\n\n- bir\n- iki\n\nSon.\n"


def test_html_in_an_old_code_page() -> None:
    assert read("a.htm", "<p>Şehrin ışığı</p>".encode("cp1254"), "tr") == "Şehrin ışığı\n"


def test_deeply_nested_html_ends() -> None:
    assert "dərin" not in refusal_or_text("a.html", "<div>" * 100_000 + "dərin")


def refusal_or_text(name: str, content: str) -> str:
    try:
        return read(name, content).replace("dərin", "")
    except InvalidInput as error:
        return error.message


def test_docx(tmp_path: Path) -> None:
    path = makers.docx(tmp_path / "a.docx", "Hörmətli müştəri,", "24 noyabrda görüşərik.", heading="Məktub")
    assert read("a.docx", path) == "Məktub\n\nHörmətli müştəri,\n\n24 noyabrda görüşərik.\n"


def test_epub_in_the_order_of_reading(tmp_path: Path) -> None:
    path = makers.epub(tmp_path / "a.epub", "<h1>Глава 1</h1><p>Ещё не вечер.</p>", "<p>Конец.</p>")
    assert read("kniga.EPUB", path, "ru") == "Глава 1\n\nЕщё не вечер.\n\nКонец.\n\n"


def test_pdf_in_three_languages() -> None:
    """Printed by a browser: other libraries tear the ə out of its words."""
    text = " ".join(read("a.pdf", Path(__file__).with_name("three_languages.pdf")).split())
    assert text == (
        "Xidmət haqqında Hörmətli müştərimiz, əlaqə mərkəzimizə zəng etdiyiniz üçün təşəkkür edirik. Sifarişiniz 24"
        " noyabr 2026-cı il tarixində göndəriləcək. Уважаемые пассажиры, поезд № 7 отправляется в 9:30 с третьего пути."
        " Şehrin güzel ışıkları gece boyunca ırmağın üzerinde parladı."
    )


def test_srt_without_times_and_tags() -> None:
    written = (
        "1\n00:00:01,000 --> 00:00:02,000\n<i>Salam,</i>\ndünya\n\n"
        "2\n00:00:02,000 --> 00:00:04,000\n{\\an8}necəsən?\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\nYaxşıyam.\n"
    )
    assert read("a.srt", written) == "Salam, dünya necəsən?\nYaxşıyam.\n\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", b"not a zip", "This is no docx file, or it is damaged."),
        ("a.epub", b"PK\x03\x04 cut", "This is no epub file, or it is damaged."),
        ("a.pdf", b"%PDF-1.7 nothing more", "This is no PDF, or it is damaged."),
        ("a.srt", "salam", "This is no srt file"),
        ("a.html", "", "The file is empty."),
        ("a.md", b"\xff\xfe\xfd", "Not valid UTF-16-LE text"),
        ("salam.doc", b"\xd0\xcf\x11\xe0 old", "This is an old Office document"),
    ],
)
def test_what_is_no_document_is_said(name: str, content: bytes | str, said: str) -> None:
    assert refusal(name, content).startswith(said)


def test_a_zip_bomb_is_refused_by_what_it_declares(tmp_path: Path) -> None:
    path = makers.epub(tmp_path / "a.epub", "<p>a</p>", more={"OEBPS/big.bin": bytes(600 << 20)})
    assert path.stat().st_size < 1 << 20
    assert refusal("a.epub", path) == "The archive unpacks to more than is read."


def test_a_chapter_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    path = makers.epub(tmp_path / "a.epub", "<p>" + "a" * (65 << 20) + "</p>")
    assert refusal("a.epub", path) == "A part of the file is larger than is read."


def test_entities_are_not_unfolded(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    assert refusal("a.docx", makers.docx(tmp_path / "a.docx", "&b;", declaration=laughs)).startswith(
        "The file declares"
    )


def test_no_file_of_the_host_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("məxfi")
    container = f"""<!DOCTYPE c [<!ENTITY x SYSTEM "file://{secret}">]><container
    xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="{secret}"/>&x;</rootfiles>
    </container>"""
    path = makers.archive(tmp_path / "a.epub", {"META-INF/container.xml": container})
    assert "məxfi" not in refusal("a.epub", path)


def test_a_password_is_said(tmp_path: Path) -> None:
    path = makers.epub(tmp_path / "a.epub", "<p>a</p>")
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 1)
    assert refusal("a.epub", bytes(content)) == "The file is protected by a password."


def test_a_book_without_a_chapter_that_it_names_is_damaged(tmp_path: Path) -> None:
    path = makers.epub(tmp_path / "a.epub", "<p>bir</p>", "<p>iki</p>")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if not name.endswith("part 1.xhtml")}
    assert refusal("a.epub", makers.archive(tmp_path / "b.epub", members)) == (
        "The file is damaged: a part of it is missing."
    )


def test_more_than_a_text_may_hold_is_refused() -> None:
    assert refusal("a.md", "söz " * 3000, most=1000) == "Longer than 1000 characters."


def test_a_reader_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(600)")
    monkeypatch.setattr("synthesis.documents.child.__file__", str(slow))
    monkeypatch.setattr("synthesis.documents.reading._SECONDS", 0.5)
    assert refusal("a.html", "<p>a</p>").startswith("This html file cannot be read")


def test_a_reader_that_eats_memory_ends_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    greedy = tmp_path / "greedy.py"
    real = Path(__file__).parents[2] / "synthesis" / "documents" / "child.py"
    greedy.write_text(
        real.read_text().replace('if __name__ == "__main__":\n    _limit()', "_limit()\nbytearray(2 << 30)")
    )
    monkeypatch.setattr("synthesis.documents.child.__file__", str(greedy))
    assert refusal("a.html", "<p>a</p>").startswith("This html file cannot be read")


def test_nothing_is_left_behind(tmp_path: Path, temporary_files: Path) -> None:
    read("a.docx", makers.docx(tmp_path / "a.docx", "Salam."))
    refusal("a.pdf", b"%PDF-1.7")
    assert list(temporary_files.iterdir()) == []
