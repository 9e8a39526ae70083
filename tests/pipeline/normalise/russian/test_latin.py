import pytest

from workers.pipeline.normalise.draft import Draft
from workers.pipeline.normalise.russian.letters import latin


@pytest.mark.parametrize(
    ("written", "cyrillic"),
    [
        ("Google и YouTube", "гугл и ютуб"),
        ("iPhone, iCloud", "айфон, айклауд"),
        ("PowerPoint", "пауэрпойнт"),
        ("OpenAI", "опен эй ай"),
        ("IT-компания, CEO", "ай ти-компания, си и о"),
        ("USB, PDF, BMW, SMS", "ю эс би, пэ дэ эф, бэ эм вэ, эс эм эс"),
        ("VIP-зал, NATO, TESLA", "вип-зал, нато, тесла"),
        ("Wi-Fi", "вай-фай"),
        ("Harry Potter", "харри поттер"),
        ("New York Times", "нью йорк таймс"),
        ("Manchester United", "манчестер юнитед"),
        ("Game Time Station", "гейм тайм стейшн"),
        ("Photoshop Python Docker", "фотошоп пайтон докер"),
        ("Chelsea Liverpool Boston", "челси ливерпул бостон"),
        ("Sky, Baby", "скай, баби"),
        ("Müller, café", "мюллер, кафе"),
        ("Əliyev, Erdoğan, İzmir, Şuşa", "алиев, эрдоган, измир, шуша"),
        ("витамин C", "витамин цэ"),
        ("{Google|ɡuɡɫ} word", "{Google|ɡuɡɫ} ворд"),
        ("слово", "слово"),
    ],
)
def test_by_sound(written: str, cyrillic: str) -> None:
    draft = Draft(written)
    draft.apply(latin)
    assert draft.text == cyrillic
