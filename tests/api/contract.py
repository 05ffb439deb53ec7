"""Starts a demo, makes tokens on its pages as a person would, and lets schemathesis ask everything of the API.

It fails on an answer of 5xx, on an answer outside the document, on a faulty request that is taken, and on an operation that
answers without a token.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import requests

# The same requests every time; enough of them to find what a reader overlooks, in about two minutes.
SEED = "20261123"
EXAMPLES = "12"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,missing_required_header,unsupported_method,ignored_auth"
)


def main():
    with tempfile.TemporaryDirectory(prefix="komainu-api-") as data:
        command = [os.environ["KOMAINU_BIN"], "demo", "--port", "0", "--data", data, "--log", "warn", "--api-rate", "0"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            base = address(server)
            return contract(base, token(base, "/account/tokens"), data)
        finally:
            server.terminate()
            ended = server.wait(timeout=60)
            assert ended == 0, f"the program ended with {ended}"


def address(server):
    for line in server.stdout:
        found = re.search(r"http://\S+", line)
        if found:
            return found[0]
    sys.exit("the program did not start")


def token(base, page):
    """A token with every permission, made by the first person of the demo, a director."""
    browser = requests.Session()
    own = {"Sec-Fetch-Site": "same-origin"}
    cards = browser.get(f"{base}/sign-in", timeout=60).text
    person = re.search(r'name="person" value="([^"]+)"', cards)[1]
    browser.post(f"{base}/sign-in/demo", data={"person": person}, headers=own, timeout=60).raise_for_status()
    form = browser.get(base + page, timeout=60).text
    fields = {
        "csrf": re.search(r'name="csrf" value="([^"]+)"', form)[1],
        "name": "schemathesis",
        "life": "7",
        "permission": re.findall(r'name="permission"[^>]* value="([^"]+)"', form),
    }
    made = browser.post(base + page, data=fields, headers=own, timeout=60)
    made.raise_for_status()
    return re.search(r"kmn_[\w-]+", made.text)[0]


def contract(base, secret, data):
    settings = Path(data, "schemathesis.toml")
    settings.write_text(
        f'headers = {{ Authorization = "Bearer {secret}" }}\n'
        "[checks.missing_required_header]\n"
        "expected-statuses = [401, 428]\n"
    )
    return subprocess.call(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            f"--config-file={settings}",
            "run",
            f"{base}/api/v1/openapi.json",
            f"--url={base}/api/v1",
            f"--checks={CHECKS}",
            "--phases=examples,coverage,fuzzing",
            f"--max-examples={EXAMPLES}",
            f"--seed={SEED}",
            "--generation-database=none",
            "--continue-on-failure",
            "--request-timeout=30",
            "--warnings=off",
            "--no-color",
            *sys.argv[1:],
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
