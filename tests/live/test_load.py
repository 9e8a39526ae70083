"""Many clients at once on the embedded default: everybody is answered, and SQLite never says that it is locked."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.live.service import Service

pytestmark = pytest.mark.live


def test_fifty_clients_while_workers_write(service: Service) -> None:
    def client(number: int) -> list[int]:
        codes = []
        for _ in range(4):
            submitted = service.call(
                "POST", "jobs/text/", json={"text": f"salam {number}", "lang": "az", "voice_id": 325640}
            )
            codes.append(submitted.status_code)
            codes.append(service.call("GET", f"jobs/{submitted.json()['data']['id']}/").status_code)
            codes.append(service.call("GET", "jobs/?limit=50").status_code)
        return codes

    with ThreadPoolExecutor(50) as pool:
        codes = [code for part in pool.map(client, range(50)) for code in part]
    assert codes == [200] * 600
    assert "locked" not in service.log.read_text()
