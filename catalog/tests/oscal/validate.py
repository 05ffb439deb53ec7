"""Holds every OSCAL document in a folder against the published OSCAL 1.1.3 models, and proves that the judge judges."""

import copy
import json
import sys
import tempfile
from pathlib import Path

import trestle.oscal
from trestle.core.validator_factory import validator_factory
from trestle.oscal.catalog import Catalog


def judge(path):
    """Raises where the document does not have the shape, or breaks a rule across it such as double ids."""
    catalog = Catalog.oscal_read(path)
    for validator in validator_factory.get_all():
        if not validator.model_is_valid(catalog, True):
            raise ValueError(f"{type(validator).__name__}: {validator.error_msg()}")


def spoiled(document):
    """The document, spoiled in ways that the schema forbids."""
    for name, spoil in {
        "no metadata": lambda c: c.pop("metadata"),
        "a uuid that is none": lambda c: c.update(uuid="guardian-dog"),
        "an unknown field": lambda c: c.update(dog="狛犬"),
        "an id with a space": lambda c: c["groups"][0]["controls"][0].update(id="two factor"),
        "an empty property": lambda c: c["groups"][0]["controls"][0]["props"][0].update(value=""),
        "a control without title": lambda c: c["groups"][0]["controls"][0].pop("title"),
    }.items():
        copied = copy.deepcopy(document)
        spoil(copied["catalog"])
        yield name, copied


def main(folder):
    assert trestle.oscal.OSCAL_VERSION == "1.1.3", trestle.oscal.OSCAL_VERSION
    paths = sorted(Path(folder).glob("*.json"))
    if not paths:
        sys.exit(f"no OSCAL document in {folder}")
    for path in paths:
        judge(path)
        print(f"valid OSCAL {trestle.oscal.OSCAL_VERSION}: {path.name}")
    with tempfile.TemporaryDirectory() as scratch:
        for name, document in spoiled(json.loads(paths[0].read_text(encoding="utf-8"))):
            path = Path(scratch) / "spoiled.json"
            path.write_text(json.dumps(document), encoding="utf-8")
            try:
                judge(path)
            except Exception:
                continue
            sys.exit(f"the validator let pass: {name}")


main(sys.argv[1])
