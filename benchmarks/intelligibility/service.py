"""A client of the service's REST API: one sentence in, one mp3 out."""

import time

import requests

_POLL_SECONDS = 0.2
_REQUEST_SECONDS = 30


class Service:
    """Speaks through a running service; a job is deleted as soon as its sound is here."""

    def __init__(self, url: str, key: str, patience: float = 300.0) -> None:
        """``patience``: seconds that one sentence may take."""
        self._jobs = url.rstrip("/") + "/api/v1/jobs/"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Token {key}"
        self._patience = patience

    def speak(self, text: str, language: str, voice_id: int) -> bytes:
        """The mp3; SystemExit when the service fails the job or takes too long."""
        body = {"text": text, "lang": language, "voice_id": voice_id}
        job = self._call("POST", f"{self._jobs}text/", json=body).json()["data"]["id"]
        try:
            self._wait(job)
            return self._call("GET", f"{self._jobs}{job}/synthesize/").content
        finally:
            self._call("DELETE", f"{self._jobs}{job}/", refusal_is_fine=True)

    def _wait(self, job: int) -> None:
        deadline = time.monotonic() + self._patience
        while time.monotonic() < deadline:
            status = self._call("GET", f"{self._jobs}{job}/").json()["data"]["status"]
            if status == "ready":
                return
            if status == "failed":
                raise SystemExit(f"the service failed job {job}")
            time.sleep(_POLL_SECONDS)
        raise SystemExit(f"job {job} was not ready after {self._patience:g} s")

    def _call(self, method: str, url: str, *, json: object = None, refusal_is_fine: bool = False) -> requests.Response:
        answer = self._session.request(method, url, json=json, timeout=_REQUEST_SECONDS)
        if not answer.ok and not refusal_is_fine:
            raise SystemExit(f"{method} {url} answered {answer.status_code}: {answer.text[:300]}")
        return answer
