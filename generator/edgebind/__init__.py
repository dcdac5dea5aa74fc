"""edgebind: OpenAPI documents in, C rows, structs and stubs out.

The passes are functions of their input: load (text to a document with places), build (document to IR), emit (IR to
{path: text}), write. check.py holds problems as values and the comparison with the JSON Schemas.
"""

__version__ = "0.1.0"
