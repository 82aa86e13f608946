"""Requests per second of an address: by wrk where it is installed, else by processes of our own."""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import time
from multiprocessing import get_context
from urllib.parse import urlsplit

CONNECTIONS = 8
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_FAILED = re.compile(r"Non-2xx or 3xx responses: (\d+)")


def tool() -> str:
    return "wrk" if shutil.which("wrk") else "a client in Python"


def requests_per_second(url: str, *, cookies: str = "", seconds: float = 2.0) -> float:
    """Raises AssertionError when an answer is not a page."""
    if not (wrk := shutil.which("wrk")):
        return _by_python(url, cookies, seconds)
    headers = ["-H", f"Cookie: {cookies}"] if cookies else []
    words = [wrk, "-t", "1", "-c", str(CONNECTIONS), "-d", f"{max(1, round(seconds))}s", *headers, url]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    if failed := _FAILED.search(said):
        raise AssertionError(f"{failed.group(1)} answers of {url} were no pages")
    return float(_RATE.findall(said)[0])


def _by_python(url: str, cookies: str, seconds: float) -> float:
    with get_context("spawn").Pool(2) as pool:
        return float(sum(pool.starmap(_ask, [(url, cookies, seconds)] * 2)) / seconds)


def _ask(url: str, cookies: str, seconds: float) -> int:
    address = urlsplit(url)
    ends_at, done = time.monotonic() + seconds, 0
    while time.monotonic() < ends_at:
        connection = http.client.HTTPConnection(address.netloc, timeout=10)
        connection.request("GET", f"{address.path}?{address.query}", headers={"Cookie": cookies} if cookies else {})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 200:
            raise AssertionError(f"{url} answers {answer.status}")
        done += 1
    return done
