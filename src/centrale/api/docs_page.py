"""`/docs`: the API's description as one plain page, made of the OpenAPI document.

Our own, because the usual viewers load their programs from other people's servers: an exchange must not, and has
no way to where it stands behind a firewall. No script runs in it.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from itertools import groupby
from typing import Any

from centrale.api.document import Schema, operations

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1f; }
pre, code { font: 14px/1.4 ui-monospace, monospace; }
summary { cursor: pointer; padding: .3rem 0; } .method { display: inline-block; width: 4.5rem; font-weight: 700; }
details { border-top: 1px solid #d5d5dd; } details > div { padding: 0 0 1rem 4.5rem; }
table { border-collapse: collapse; } td, th { text-align: left; vertical-align: top; padding: .1rem 1rem .1rem 0; }
"""

CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def page(document: Schema, address: str) -> str:
    """HTML of the document that stands at `address`."""
    title = f"{document['info']['title']} API {document['info']['version']}"
    by_tag = sorted(operations(document), key=lambda found: found[2].get("tags", [""])[0])
    sections = (
        f"<h2>{escape(tag)}</h2>" + "".join(_operation(*found) for found in group)
        for tag, group in groupby(by_tag, key=lambda found: found[2].get("tags", [""])[0])
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><main>'
        f"<h1>{escape(title)}</h1>{_paragraphs(document['info'].get('description', ''))}"
        f'<p>For programs: <a href="{escape(address)}">{escape(address)}</a> (OpenAPI 3.1).</p>'
        f"{''.join(sections)}</main></body></html>"
    )


def _operation(path: str, method: str, operation: Schema) -> str:
    parameters = "".join(_parameter(parameter) for parameter in operation.get("parameters", ()))
    table = f"<table><tbody>{parameters}</tbody></table>" if parameters else ""
    answers = ", ".join(operation["responses"])
    return (
        f'<details><summary><span class="method">{escape(method)}</span><code>{escape(path)}</code> '
        f"— {escape(operation.get('summary', ''))}</summary><div>"
        f"{_paragraphs(operation.get('description', ''))}{table}{_body(operation)}"
        f"<p>Answers: {escape(answers)}</p></div></details>"
    )


def _parameter(parameter: Schema) -> str:
    schema = parameter["schema"]
    about = [schema.get("title"), schema.get("description"), "required" if parameter.get("required") else None]
    words = ". ".join(part.rstrip(".") for part in about if part)
    return (
        f'<tr><th scope="row"><code>{escape(parameter["name"])}</code></th><td>{escape(parameter["in"])}</td>'
        f"<td>{escape(words)}</td></tr>"
    )


def _body(operation: Schema) -> str:
    content: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    names = {media["schema"].get("$ref", "").rpartition("/")[2] for media in content.values()}
    return "".join(f"<p>Body: <code>{escape(name)}</code> ({escape(', '.join(content))})</p>" for name in names if name)


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part.strip())
