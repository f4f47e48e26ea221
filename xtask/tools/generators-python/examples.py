"""Imports every module of what a generator made, and has its models read and write back the documents' own examples.

    examples.py PYTHONPATH DOCUMENT...

Each document is JSON, and `graph_beta.json` is the document of the package or module `graph_beta`, which is in PYTHONPATH.
"""

import importlib
import json
import pathlib
import pkgutil
import sys
from datetime import datetime, timedelta
from urllib.parse import unquote

from pydantic import TypeAdapter

DURATION = TypeAdapter(timedelta)


def modules(name):
    """The package of this name, with all that is in it; or the module."""
    package = importlib.import_module(name)
    found = [package]
    for module in pkgutil.walk_packages(getattr(package, "__path__", []), f"{name}."):
        found.append(importlib.import_module(module.name))
    return found


def classes(modules):
    """The classes by name."""
    return {name: value for module in modules for name, value in vars(module).items() if isinstance(value, type)}


def examples(document):
    """The name of a schema and an example of it, for each that a body has.

    Left out are schemas without properties, of which some generators make a plain dictionary.
    """

    def resolve(value):
        while "$ref" in value:
            target = document
            for part in value["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            value = target
        return value

    for path in document["paths"].values():
        for operation in path.values():
            if not isinstance(operation, dict):
                continue
            bodies = [*operation["responses"].values(), operation.get("requestBody", {})]
            for content in (content for body in bodies for content in resolve(body).get("content", {}).values()):
                schema = content["schema"].get("$ref", "").rpartition("/")[2]
                named = [resolve(example)["value"] for example in content.get("examples", {}).values()]
                if "properties" in document["components"]["schemas"].get(schema, {}):
                    yield from ((schema, value) for value in named + [content[k] for k in ("example",) if k in content])


def rewritten(cls, value):
    """The value, read and written again."""
    if "from_dict" in vars(cls):
        return json.loads(json.dumps(cls.from_dict(value).to_dict(), default=str))
    return cls.model_validate(value).model_dump(mode="json", by_alias=True, exclude_unset=True)


def is_same(one, other):
    """Whether the two say the same, however they write moments, lengths of time, URLs, and what is null or absent."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(is_same(one.get(name), other.get(name)) for name in one.keys() | other.keys())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if one == other or not (isinstance(one, str) and isinstance(other, str)):
        return one == other
    for read in (datetime.fromisoformat, DURATION.validate_python, unquote):
        try:
            if read(one) == read(other):
                return True
        except ValueError:
            pass
    return False


def main(folder, *paths):
    sys.path.insert(0, folder)
    faults = []
    for path in map(pathlib.Path, paths):
        found = classes(modules(path.stem))
        count = 0
        for schema, value in examples(json.loads(path.read_text())):
            count += 1
            try:
                written = rewritten(found[schema], value)
                if not is_same(value, written):
                    faults.append(f"{path.stem}: {schema}: {value} was written back as {written}")
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                faults.append(f"{path.stem}: {schema}: {value}: {type(error).__name__}: {error}")
        if not count:
            faults.append(f"{path.stem}: no examples")
        print(path.stem, count)
    for fault in faults:
        print(fault)
    sys.exit(bool(faults))


main(*sys.argv[1:])
