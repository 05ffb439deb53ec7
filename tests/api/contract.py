"""Starts a demo, makes tokens on its pages as a person would, walks through the API and lets schemathesis ask everything of it.

It fails on an answer of 5xx, on an answer outside the document, on a faulty request that is taken, on an operation that
answers without a token, and on one that never answers well.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import requests
import schemathesis

from walk import walk

# The same requests every time; enough of them to find what a reader overlooks, in about two minutes.
SEED = "20261123"
EXAMPLES = "12"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,missing_required_header,unsupported_method,ignored_auth"
)


def main():
    with tempfile.TemporaryDirectory(prefix="komainu-api-") as data:
        backups = Path(data, "backups")
        backups.mkdir()
        command = [os.environ["KOMAINU_BIN"], "demo", "--port", "0", "--data", f"{data}/house", "--log", "warn", "--api-rate", "0"]
        command += ["--backup-folder", str(backups), "--webhooks", "--webhook-allow", "127.0.0.0/8"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            base = address(server)
            director = token(base, "members_manage")
            schema = schemathesis.openapi.from_url(f"{base}/api/v1/openapi.json")
            walk(base, director, token(base, "installation_manage"), schema, f"{data}/house/komainu.db")
            return contract(base, director, data)
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


def token(base, needed):
    """A token with every permission of the first person of the demo who has the needed one."""
    own = {"Sec-Fetch-Site": "same-origin"}
    for person in re.findall(r'name="person" value="([^"]+)"', requests.get(f"{base}/sign-in", timeout=60).text):
        browser = requests.Session()
        browser.post(f"{base}/sign-in/demo", data={"person": person}, headers=own, timeout=60).raise_for_status()
        form = browser.get(f"{base}/account/tokens", timeout=60).text
        offered = re.findall(r'name="permission"[^>]* value="([^"]+)"', form)
        if needed not in offered:
            continue
        csrf = re.search(r'name="csrf" value="([^"]+)"', form)[1]
        fields = {"csrf": csrf, "name": "schemathesis", "life": "7", "permission": offered}
        made = browser.post(f"{base}/account/tokens", data=fields, headers=own, timeout=60)
        made.raise_for_status()
        return re.search(r"kmn_[\w-]+", made.text)[0]
    sys.exit(f"nobody in the demo has {needed}")


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
        ],
        # It keeps notes where it runs.
        cwd=data,
    )


if __name__ == "__main__":
    sys.exit(main())
