"""Pairs of documents for test_diff.py: what is changed, and every change that `edgebind diff` finds then."""

# ruff: noqa: E501, a row of the table says what it says

from __future__ import annotations

from dataclasses import dataclass, field

SHOP = """\
openapi: 3.1.0
info: {title: Shop, version: '1'}
servers:
  - url: https://{region}.example.com
    variables: {region: {default: eu, enum: [eu, us]}}
  - {url: 'https://try.example.com', description: Test server}
security: [{key: []}]
x-eb-rate-limit: {requests: 100, seconds: 1, scope: account}
x-eb-errors:
  format: json
  code: [/code]
  message: [/message]
  codes: {Gone: It is gone., Full: No room.}
paths:
  /things:
    get:
      operationId: list-things
      summary: Lists things.
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: size, in: query, schema: {type: integer, minimum: 1, maximum: 50, default: 10}}
      x-eb-pages: {type: number, page: page, items: /things}
      responses:
        '200': {description: Some., content: {application/json: {schema: {$ref: '#/components/schemas/Things'}}}}
        '404': {description: None., x-eb-codes: [Gone]}
    post:
      operationId: make-thing
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewThing'}}}
      x-eb-verify: {operation: get-thing, parameters: {name: '$request.body#/name'}}
      responses:
        '200': {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
  /things/{name}:
    get:
      operationId: get-thing
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
  /ticket:
    post:
      operationId: make-ticket
      x-eb-link:
        name: file
        target: store.yaml#Put
        server: $response.body#/url
        form: {key: $response.body#/key}
        file: file
        hosts: ['*.example.com']
      responses:
        '200': {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Ticket'}}}}
  /form:
    post:
      operationId: send-form
      requestBody:
        required: true
        content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Form'}}}
      responses: {'204': {description: Done.}, '203': {description: Perhaps.}}
  /raw:
    get:
      operationId: get-raw
      x-eb-rate-limit: {requests: 5, seconds: 1, scope: user}
      x-eb-wait: {there: {success-status: [200], maximum: 60}}
      responses:
        '200': {description: Anything., content: {application/json: {schema: {}}}}
        '500': {description: It failed., content: {application/json: {schema: {$ref: '#/components/schemas/Ticket'}}}}
  /order:
    post:
      operationId: order
      parameters: [{name: Once, in: header, x-eb-idempotency-key: true, schema: {type: string}}]
      responses: {'204': {description: Done.}}
  /watch:
    get:
      operationId: watch
      x-eb-events: {done: end}
      responses:
        '200': {description: It goes on., content: {text/event-stream: {schema: {$ref: '#/components/schemas/Ticket'}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: authorization, x-eb-env: {token: SHOP_TOKEN}}}
  schemas:
    Things: {type: object, properties: {things: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}
    Thing:
      type: object
      description: A thing.
      required: [name, weight]
      properties:
        name: {type: string}
        weight: {type: integer}
        colour: {$ref: '#/components/schemas/Colour'}
        colours: {type: array, items: {$ref: '#/components/schemas/Colour'}}
        shape: {$ref: '#/components/schemas/Shape'}
        sizes: {type: object, additionalProperties: {type: integer}}
        note: {type: string, description: A note.}
    NewThing:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 10}
        note: {type: string}
        token: {type: string, format: password}
        amount: {type: integer, minimum: 1, default: 1}
    Colour: {type: string, description: A colour., enum: [red, green]}
    Shape: {type: [object, 'null'], properties: {corners: {type: integer}}}
    Ticket: {type: object, required: [url, key], properties: {url: {type: string}, key: {type: string}}}
    Form: {type: object, properties: {a: {type: string}, b: {type: string}}}
    Level: {type: integer, enum: [1, 2]}
    Gift:
      description: A gift.
      oneOf: [{$ref: '#/components/schemas/Ticket'}, {$ref: '#/components/schemas/Things'}, {type: string}]
"""
STORE = """\
openapi: 3.1.0
info: {title: Store, version: '1'}
servers: [{url: 'https://store.example.com'}]
paths:
  /:
    post:
      operationId: Put
      requestBody:
        required: true
        content: {multipart/form-data: {schema: {$ref: '#/components/schemas/PutForm'}}}
      responses: {'204': {description: Stored.}}
components:
  schemas:
    PutForm:
      type: object
      required: [key, file]
      properties:
        key: {type: string}
        file: {type: string, contentMediaType: application/octet-stream}
"""
CATALOG = """\
documents:
  - {document: shop.yaml, prefix: shop, header: shop}
  - {document: store.yaml, prefix: store, header: store}
"""


@dataclass(frozen=True)
class Pair:
    """What is replaced in shop.yaml, in names.lock and in the catalog, and what is then found."""

    edits: tuple[tuple[str, str], ...]
    found: tuple[str, ...]  # "rule: name: text", what is said of other rules does not matter
    lock: tuple[tuple[str, str], ...] = field(default=())
    catalog: tuple[tuple[str, str], ...] = field(default=())
    back: bool = False      # the other way round


def edit(old: str, new: str, *found: str) -> Pair:
    return Pair(((old, new),), found)


def back(old: str, new: str, *found: str) -> Pair:
    return Pair(((old, new),), found, back=True)


def renamed(old: str, new: str, *found: str) -> Pair:
    return Pair((), found, lock=((old, new),))


STORE_LINE = "  - {document: store.yaml, prefix: store, header: store}\n"
MORE = """\
  /more:
    get:
      operationId: more
      responses: {'204': {description: Done.}}
  /things:
"""
LINK = SHOP[SHOP.index("      x-eb-link:") : SHOP.index("      responses:", SHOP.index("      x-eb-link:"))]
PAGES = "      x-eb-pages: {type: number, page: page, items: /things}\n"
WAIT = "      x-eb-wait: {there: {success-status: [200], maximum: 60}}\n"
VERIFY = "      x-eb-verify: {operation: get-thing, parameters: {name: '$request.body#/name'}}\n"
GET_RAW = SHOP[SHOP.index("  /raw:") : SHOP.index("components:")]
GIFT = SHOP[SHOP.index("    Gift:") :]
FORM = "{type: object, properties: {a: {type: string}, b: {type: string}}}"
SECOND = "    Level: {type: integer, enum: [1, 2]}\n"
LAST = SECOND + "    Extra: {type: object, properties: {a: {type: string}}}\n"
BOX = "        box: {type: array, items: {$ref: '#/components/schemas/NewThing'}}\n        sizes:"
BOXES = "        box: {type: object, additionalProperties: {$ref: '#/components/schemas/NewThing'}}\n        sizes:"

STAGE = "  - {url: 'https://stage.example.com', description: Stage}\n"
TRY = "  - {url: 'https://try.example.com', description: Test server}\n"
OAUTH = (("security: [{key: []}]", "security: [{key: []}, {login: [read]}]"), ("  securitySchemes: {key",
         "  securitySchemes: {login: {type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {}}}}, key"))

PAIRS = [
    Pair((), ("api-added: store_api: a new API, edgebind/store.h",), catalog=((STORE_LINE, ""),),
         back=True),
    Pair((), ("api-removed: store_api: the API is gone, and edgebind/store.h with it",), catalog=((STORE_LINE, ""),)),
    Pair((), ("header-renamed: shop_api: include edgebind/market.h instead of edgebind/shop.h",),
         catalog=(("header: shop", "header: market"),)),
    edit("title: Shop", "title: A shop", "api-text: shop_api: the title changed"),
    edit("version: '1'", "version: '2'", "api-text: shop_api: the API's version, 1 to 2, changed"),
    edit(".example.com\n    var", ".example.net\n    var",
         "server-changed: shop_api: calls go to https://{region}.example.net instead of https://{region}.example.com"),
    edit("{region}.example.com\n    variables: {", "{region}.{zone}.example.com\n    variables: {zone: {x-eb-required: true"
         ", default: a}, ", "variable-added: shop_api: the server variable zone must be given",
         "server-changed: shop_api: calls go to https://{region}.{zone}.example.com instead of https://{region}.example.com"),
    edit("{region}.example.com\n    variables: {", "{region}.{zone}.example.com\n    variables: {zone: {default: a}, ",
         "variable-added-optional: shop_api: the server variable zone may be given",
         "server-changed: shop_api: calls go to https://{region}.{zone}.example.com instead of https://{region}.example.com"),
    back("{region}.example.com\n    variables: {", "{region}.{zone}.example.com\n    variables: {zone: {default: a}, ",
         "variable-removed: shop_api: the server variable zone is gone",
         "server-changed: shop_api: calls go to https://{region}.example.com instead of https://{region}.{zone}.example.com"),
    edit("default: eu", "default: us", "variable-default: shop_api: the server variable region is us unless given, it was "
         "eu"),
    edit("enum: [eu, us]", "enum: [eu]", "variable-values-fewer: shop_api: the server variable region may not be us any "
         "more"),
    edit("enum: [eu, us]", "enum: [eu, us, ap]", "variable-values-more: shop_api: the server variable region may also be ap"),
    edit("name: authorization", "name: x-key", "auth-changed: shop_api: credentials are sent another way: x-key: ... "
         "instead of authorization: ..."),
    edit("SHOP_TOKEN", "SHOP_KEY", "auth-environment: shop_api: credentials come from SHOP_KEY instead of SHOP_TOKEN"),
    edit("authorization, x-eb-env", "authorization, description: Ask for one., x-eb-env",
         "auth-text: shop_api: what is said about the security scheme key changed"),
    Pair(OAUTH, ("auth-added: shop_api: a new security scheme, login",
                 "security-changed: shop_api: operations that say nothing else want key, or login (read) instead of key")),
    Pair(OAUTH, ("auth-withdrawn: shop_api: the security scheme login is gone",
                 "security-changed: shop_api: operations that say nothing else want key instead of key, or login (read)"), back=True),
    Pair((*OAUTH, ("summary: Lists things.", "summary: Lists things.\n      security: [{login: [write]}]")),
         ("auth-added: shop_api: a new security scheme, login",
          "security-changed: shop_api: operations that say nothing else want key, or login (read) instead of key",
          "operation-security: shop_list_things: wants login (write) instead of key")),
    Pair((("security: [{key: []}]", "security: [{key: [read]}]"), ("{type: apiKey, in: header, name: authorization, x-eb",
           "{type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {}}}, x-eb")),
         ("auth-changed: shop_api: credentials are sent another way: OAuth 2.0 tokens of /token instead of authorization: ...",
          "auth-scope: shop_api: access tokens are asked for with the scope read instead of none")),
    edit("summary: Lists things.", "summary: Lists things.\n      servers: [{url: 'https://lists.example.com'}]",
         "operation-server: shop_list_things: goes to https://lists.example.com instead of the API's server"),
    edit(TRY, TRY + STAGE, "server-added: SHOP_SERVER_STAGE: a new server to choose, https://stage.example.com"),
    back(TRY, TRY + STAGE, "server-removed: SHOP_SERVER_STAGE: the server https://stage.example.com is gone"),
    edit("//try.", "//test.", "server-moved: SHOP_SERVER_TEST: stands for https://test.example.com instead of https://try."
         "example.com"),
    edit("Test server", "Test server. Free.", "server-text: SHOP_SERVER_TEST: what is said about it changed"),
    renamed('"SHOP_SERVER_TEST = 2"', '"SHOP_SERVER_TRIAL = 2"',
            "server-renamed: SHOP_SERVER_TEST: is called SHOP_SERVER_TRIAL now"),
    renamed('"SHOP_SERVER_TEST = 2"', '"SHOP_SERVER_TEST = 3"',
            "server-renumbered: SHOP_SERVER_TEST: is number 3 instead of 2"),
    edit("code: [/code]", "code: [/error]", "errors-read: shop_api: failures are read from answers another way (code)"),
    edit("Full: No room.", "Full: No room., Late: Too late.", "code-added: SHOP_ERROR_LATE: a new error code, Late"),
    edit(", Full: No room.", "", "code-removed: SHOP_ERROR_FULL: the error code Full is gone"),
    renamed('"SHOP_ERROR_FULL = 2"', '"SHOP_ERROR_CROWDED = 2"',
            "code-renamed: SHOP_ERROR_FULL: is called SHOP_ERROR_CROWDED now"),
    renamed('"SHOP_ERROR_FULL = 2"', '"SHOP_ERROR_FULL = 7"', "code-renumbered: SHOP_ERROR_FULL: is number 7 instead of 2"),
    Pair((("Full: No room.", "Complete: No room."),), ("code-wire: SHOP_ERROR_FULL: stands for the code Complete instead of "
         "Full",), lock=(('"Full": "SHOP', '"Complete": "SHOP'),)),
    edit("No room.", "There is no room.", "code-text: SHOP_ERROR_FULL: what is said about it changed"),
    edit("  /things:\n", MORE, "operation-added: shop_more: a new operation, GET /more"),
    back("  /things:\n", MORE, "operation-removed: shop_more: the operation more is gone"),
    renamed('"shop_get_raw"', '"shop_raw"', "operation-renamed: shop_get_raw: is called shop_raw now"),
    edit("/raw:", "/rough:", "operation-request: shop_get_raw: sends GET /rough instead of GET /raw"),
    edit("operationId: get-raw", "operationId: rough", "operation-id: shop_get_raw: eb_invoke knows it as rough instead of "
         "get-raw"),
    edit("application/x-www-form-urlencoded", "application/json",
         "operation-body: shop_send_form: the body is json instead of form"),
    edit("'204': {description: Done.}", "'200': {description: Done., content: {application/json: {schema: {$ref: "
         "'#/components/schemas/Ticket'}}}}", "operation-result: shop_send_form: the result is shop_ticket instead of nothing",
         "status-removed: shop_send_form: the status 204 is not documented any more",
         "status-added: shop_send_form: the status 200 is documented"),
    edit("{description: Anything., content: {application/json: {schema: {}}}}", "{description: Nothing.}",
         "operation-result-raw: shop_get_raw: the body of a success is nothing instead of free-form JSON",
         "status-text: shop_get_raw: what is said about the status 200 changed"),
    edit("Made., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'",
         "Made., content: {application/thing+json: {schema: {$ref: '#/components/schemas/Thing'",
         "operation-accept: shop_make_thing: asks for application/thing+json instead of application/json"),
    edit("operationId: send-form", "operationId: send-form\n      x-eb-safe: true",
         "operation-safe: shop_send_form: is sent again after an unclear failure, which it was not"),
    edit("operationId: get-raw", "operationId: get-raw\n      x-eb-safe: false",
         "operation-unsafe: shop_get_raw: is not sent again after an unclear failure, which it was"),
    edit("operationId: get-raw", "operationId: get-raw\n      security: []",
         "operation-credentials: shop_get_raw: does not send credentials"),
    edit("operationId: get-raw", "operationId: get-raw\n      deprecated: true",
         "operation-deprecated: shop_get_raw: is deprecated"),
    edit("summary: Lists things.", "summary: All things.",
         "operation-text: shop_list_things: what is said about it changed"),
    edit("{requests: 5, ", "{requests: 6, ",
         "rate-limit: shop_get_raw: the rate limit is 6 per 1 s and user instead of 5 per 1 s and user"),
    edit("name: Once, in", "name: Once-Only, in",
         "operation-key-changed: shop_order: the idempotency key is Once-Only instead of Once",
         "member-removed: shop_order_params.once: the member is gone",
         "member-added: shop_order_params.once_only: a new member, const char *"),
    edit(", x-eb-idempotency-key: true", "",
         "operation-key-gone: shop_order: is sent without the idempotency key Once",
         "operation-unsafe: shop_order: is not sent again after an unclear failure, which it was",
         "member-text: shop_order_params.once: what is said about it changed"),
    back(", x-eb-idempotency-key: true", "",
         "operation-key-new: shop_order: is sent with the idempotency key Once, which it was not",
         "operation-safe: shop_order: is sent again after an unclear failure, which it was not",
         "member-text: shop_order_params.once: what is said about it changed"),
    edit("{requests: 5, seconds: 1, scope: user}", "{requests: 5, seconds: 1, scope: user}\n      x-eb-timeout: 90000",
         "operation-timeout: shop_get_raw: unless a caller gives a deadline, it is 90 s instead of the client's"),
    back("operationId: send-form", "operationId: send-form\n      x-eb-timeout: 1500",
         "operation-timeout: shop_send_form: unless a caller gives a deadline, it is the client's instead of 1.5 s"),
    edit("operationId: send-form", "operationId: send-form\n      x-eb-retries: never",
         "operation-retries: shop_send_form: unless a caller says otherwise, no retries instead of the client's retries"),
    Pair((("operationId: send-form", "operationId: send-form\n      x-eb-retries: {attempts: 5, base: 500}"),),
         ("operation-retries: shop_send_form: unless a caller says otherwise, 5 attempts, first waits of up to 500 ms "
          "instead of the client's retries",)),
    back(PAGES, "", "pages-added: shop_list_things: has a pager now, shop_list_things_all"),
    edit(PAGES, "", "pages-removed: shop_list_things: has no pager any more"),
    Pair((("items: {$ref: '#/components/schemas/Thing'", "items: {$ref: '#/components/schemas/Ticket'"),),
         ("list-added: shop_ticket_list: a new list",
          "list-removed: shop_thing_list: the list is gone",
          "member-type: shop_things.things: is shop_ticket_list instead of shop_thing_list",
          "pages-item: shop_list_things: the pager hands out shop_ticket instead of shop_thing")),
    Pair((("items: {$ref: '#/components/schemas/Thing'}", "items: {type: string}"),),
         ("list-removed: shop_thing_list: the list is gone",
          "member-type: shop_things.things: is eb_str_list instead of shop_thing_list",
          "pages-item: shop_list_things: the pager hands out const char * instead of shop_thing")),
    edit("page: page, items", "page: page, size: size, items",
         "pages-changed: shop_list_things: pages are asked for another way (size)"),
    edit("type: number, page: page, items", "type: url, header: Link, items",
         "pages-changed: shop_list_things: pages are asked for another way (kind, page, header)"),
    back(VERIFY, "", "verify-added: shop_make_thing: has shop_make_thing_verify now"),
    edit(VERIFY, "", "verify-removed: shop_make_thing: shop_make_thing_verify is gone"),
    edit("operation: get-thing, parameters: {name: '$request.body#/name'}", "operation: list-things",
         "verify-result: shop_make_thing: shop_make_thing_verify hands out shop_things instead of shop_thing"),
    edit("{name: '$request.body#/name'}", "{name: '$request.body#/note'}",
         "verify-changed: shop_make_thing: shop_make_thing_verify asks another way"),
    back(LINK, "", "link-added: shop_make_ticket: has shop_make_ticket_file now"),
    edit(LINK, "", "link-removed: shop_make_ticket: shop_make_ticket_file is gone"),
    renamed('"shop_make_ticket_file"', '"shop_upload"', "link-renamed: shop_make_ticket: shop_make_ticket_file is called "
            "shop_upload now"),
    edit("'*.example.com'", "'*.example.net'", "link-changed: shop_make_ticket: shop_make_ticket_file uploads another way"),
    back(WAIT, "", "wait-added: shop_get_raw: has shop_get_raw_wait_there now"),
    edit(WAIT, "", "wait-removed: shop_get_raw: shop_get_raw_wait_there is gone"),
    renamed('"shop_get_raw_wait_there"', '"shop_get_raw_when_there"',
            "wait-renamed: shop_get_raw: shop_get_raw_wait_there is called shop_get_raw_when_there now"),
    edit("there: {success-status: [200], maximum: 60}",
         "there: {success-status: [200], pending-status: [404], pause: {first: 3, cap: 9}, maximum: 90}",
         "wait-changed: shop_get_raw: shop_get_raw_wait_there waits another way (the statuses to wait on, pauses, the maximum)"),
    edit("'404': {desc", "'409': {description: Busy.}\n        '404': {desc",
         "status-added: shop_list_things: the status 409 is documented"),
    back("'404': {desc", "'409': {description: Busy.}\n        '404': {desc",
         "status-removed: shop_list_things: the status 409 is not documented any more"),
    edit("  format: json\n", "  format: json\n  failure-status: [203]\n",
         "errors-read: shop_api: failures are read from answers another way (failure status)",
         "status-success: shop_send_form: the status 203 is a failure now"),
    edit("x-eb-codes: [Gone]", "x-eb-codes: [Gone, Full]",
         "status-codes: shop_list_things: the status 404 is documented with other codes"),
    edit("'203': {description: Perhaps.}", "'203': {description: Perhaps.}, '400': {description: No., content: "
         "{application/json: {schema: {$ref: '#/components/schemas/Ticket'}}}}",
         "answer-added: shop_send_form: shop_send_form_error gives shop_ticket",
         "status-added: shop_send_form: the status 400 is documented"),
    back("'203': {description: Perhaps.}", "'203': {description: Perhaps.}, '400': {description: No., content: "
         "{application/json: {schema: {$ref: '#/components/schemas/Ticket'}}}}",
         "answer-removed: shop_send_form: shop_send_form_error is gone",
         "status-removed: shop_send_form: the status 400 is not documented any more"),
    edit("'203': {description: Perhaps.}", "'203': {description: Perhaps., headers: {X-A: {schema: {type: string}}}}",
         "headers-added: shop_send_form: shop_send_form_headers_of gives the answer's headers",
         "struct-added: shop_send_form_headers: a new struct"),
    back("'203': {description: Perhaps.}", "'203': {description: Perhaps., headers: {X-A: {schema: {type: string}}}}",
         "headers-removed: shop_send_form: shop_send_form_headers_of is gone",
         "struct-removed: shop_send_form_headers: the struct is gone"),
    edit("'203': {description: Perhaps.}", "'203': {description: Perhaps., content: {text/event-stream: {}}}",
         "events-added: shop_send_form: shop_send_form_events walks the answer as a stream",
         "operation-result-raw: shop_send_form: the body of a success is a stream instead of nothing",
         "operation-accept: shop_send_form: asks for text/event-stream instead of application/json"),
    back("'203': {description: Perhaps.}", "'203': {description: Perhaps., content: {text/event-stream: {}}}",
         "events-removed: shop_send_form: shop_send_form_events is gone",
         "operation-result-raw: shop_send_form: the body of a success is nothing instead of a stream",
         "operation-accept: shop_send_form: asks for application/json instead of text/event-stream"),
    edit("text/event-stream: {schema: {$ref: '#/components/schemas/Ticket'", "text/event-stream: {schema: {$ref: "
         "'#/components/schemas/Things'", "events-type: shop_watch: the events of the stream hold shop_things instead of "
         "shop_ticket"),
    edit("x-eb-events: {done: end}", "x-eb-events: {done: over}",
         "events-changed: shop_watch: the stream is asked for, or ends, another way"),
    edit("It failed., content: {application/json: {schema: {$ref: '#/components/schemas/Ticket'",
         "It failed., content: {application/json: {schema: {$ref: '#/components/schemas/Things'",
         "answer-type: shop_get_raw: shop_get_raw_error gives shop_things instead of shop_ticket"),
    edit("description: None.", "description: Nothing.",
         "status-text: shop_list_things: what is said about the status 404 changed"),
    edit("        weight: {", "        price: {type: integer}\n        weight: {",
         "member-added: shop_thing.price: a new member, eb_opt_int"),
    Pair((("[name]\n", "[name, price]\n"), ("        token: {", "        price: {type: integer}\n        token: {")),
         ("member-added: shop_new_thing.price: a new member, eb_opt_int",
          "member-added-required: shop_new_thing.price: a new member that must be set, or the call is refused")),
    edit("        - {name: page", "        - {name: sort, in: query, schema: {type: string}}\n        - {name: page",
         "member-added: shop_list_things_params.sort: a new member, const char *"),
    edit(", b: {type: string}", "", "member-removed: shop_form.b: the member is gone"),
    renamed('"corners": "corners"', '"corners": "edges"', "member-renamed: shop_shape.corners: is called edges now"),
    edit("weight: {type: integer}", "weight: {type: string}", "member-type: shop_thing.weight: is const char * instead of "
         "int64_t"),
    edit("[name, weight]", "[name]", "member-may-be-absent: shop_thing.weight: may be absent from an answer now",
         "member-type: shop_thing.weight: is eb_opt_int instead of int64_t"),
    edit(FORM, FORM.replace("a: {type: string}, b: {type: string}", "b: {type: string}, a: {type: string}"),
         "member-moved: shop_form: members stand in another order: b, a"),
    Pair(((", b: {type: string}", ", bee: {type: string}"),), ("member-wire: shop_form.b: is bee on the wire instead of b",),
         lock=(('"b": "b"', '"bee": "b"'),)),
    edit("- {name: size, in: query", "- {name: size, in: header",
         "member-place: shop_list_things_params.size: is sent as header instead of query"),
    edit("- {name: size, in: query, schema: {type: integer,", "- {name: size, in: query, allowReserved: true, schema: {type: integer,",
         "member-place: shop_list_things_params.size: is sent as query (allow reserved) instead of query"),
    edit("content: {application/json: {schema: {$ref: '#/components/schemas/NewThing'}}}",
         "content: {application/vnd.shop+json: {schema: {$ref: '#/components/schemas/NewThing'}}}",
         "body-type: shop_make_thing: .body is sent as application/vnd.shop+json instead of application/json"),
    edit("{schema: {$ref: '#/components/schemas/Form'}}", "{schema: {$ref: '#/components/schemas/Form'}, encoding: {a: {allowReserved: true}}}",
         "body-parts: shop_send_form: members of the form in .body are written another way"),
    edit("content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Form'}}}",
         "content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Form'}}, text/plain: {}}",
         "body-one: shop_send_form: one of the bodies must be given now, or the call is refused",
         "member-added: shop_send_form_params.body_text: a new member, const char *",
         "member-optional: shop_send_form_params.body: need not be set any more",
         "member-text: shop_send_form_params.body: what is said about it changed"),
    edit("required: [name]\n      properties:\n        name: {type: string, max", "required: [name, note]\n      "
         "properties:\n        name: {type: string, max",
         "member-required: shop_new_thing.note: must be set now, or the call is refused"),
    edit("[name, weight]", "[name, weight, note]", "member-promised: shop_thing.note: an answer without it is an error now"),
    back("required: [name]\n      properties:\n        name: {type: string, max", "required: [name, note]\n      "
         "properties:\n        name: {type: string, max", "member-optional: shop_new_thing.note: need not be set any more"),
    edit("note: {type: string, desc", "note: {type: [string, 'null'], desc",
         "member-may-be-null: shop_thing.note: may be null in an answer now"),
    edit("note: {type: string}\n", "note: {type: [string, 'null']}\n",
         "member-takes-null: shop_new_thing.note: may be set to null now"),
    back("note: {type: string}\n", "note: {type: [string, 'null']}\n",
         "member-not-null: shop_new_thing.note: cannot be null any more"),
    edit("maximum: 50", "maximum: 40", "member-range-narrower: shop_list_things_params.size: the range is 1 to 40, it was 1 "
         "to 50"),
    edit("maxLength: 10", "maxLength: 20", "member-range-wider: shop_new_thing.name: the range is 0 to 20, it was 0 to 10"),
    edit("default: 10", "default: 20", "member-default: shop_list_things_params.size: the service's default: 20 instead of "
         "10"),
    edit(", format: password", "", "member-secret: shop_new_thing.token: is shown now in prints and logs"),
    edit("token: {type: string", "token: {writeOnly: true, type: string",
         "member-direction: shop_new_thing.token: is write only now, it was sent and received"),
    edit("token: {type: string", "token: {deprecated: true, type: string",
         "member-deprecated: shop_new_thing.token: is deprecated"),
    edit("A note.", "Some note.", "member-text: shop_thing.note: what is said about it changed"),
    edit(SECOND, LAST, "struct-added: shop_extra: a new struct"),
    back(SECOND, LAST, "struct-removed: shop_extra: the struct is gone"),
    renamed('"shop_shape"', '"shop_outline"', "struct-renamed: shop_shape: is called shop_outline now"),
    back("type: [object, 'null']", "type: object", "struct-null-added: shop_shape: may be null: shop_shape_null",
         "member-may-be-null: shop_thing.shape: may be null in an answer now"),
    edit("type: [object, 'null']", "type: object", "struct-null-removed: shop_shape: shop_shape_null is gone",
         "member-not-null: shop_thing.shape: cannot be null any more"),
    Pair((("application/x-www-form-urlencoded", "multipart/form-data"),
          ("{a: {type: string}, b", "{a: {type: string, format: binary}, b")),
         ("struct-json-removed: shop_form: has no functions for JSON, print, equal and dup any more",
          "operation-body: shop_send_form: the body is multipart instead of form",
          "member-type: shop_form.a: is eb_body instead of const char *")),
    Pair((("application/x-www-form-urlencoded", "multipart/form-data"),
          ("{a: {type: string}, b", "{a: {type: string, format: binary}, b")),
         ("struct-json-added: shop_form: has functions for JSON, print, equal and dup now",
          "operation-body: shop_send_form: the body is form instead of multipart",
          "member-type: shop_form.a: is const char * instead of eb_body"), back=True),
    edit("description: A thing.", "description: Any thing.", "struct-text: shop_thing: what is said about it changed"),
    edit(GIFT, GIFT + GIFT.replace("Gift", "Wish"), "union-added: shop_wish: a new union"),
    edit(GIFT, "", "union-removed: shop_gift: the union is gone"),
    renamed('"shop_gift"', '"shop_wish"', "union-renamed: shop_gift: is called shop_wish now"),
    edit("{type: string}]\n", "{type: string}, {type: 'null'}]\n",
         "union-null-added: shop_gift: may be null: shop_gift_null"),
    back("{type: string}]\n", "{type: string}, {type: 'null'}]\n",
         "union-null-removed: shop_gift: shop_gift_null is gone"),
    edit("A gift.", "Any gift.", "union-text: shop_gift: what is said about it changed"),
    edit("{type: string}]\n", "{type: string}]\n      discriminator: {propertyName: is, mapping: {t: Ticket}}\n",
         "union-told: shop_gift: alternatives are told apart by is instead of what they hold",
         "alternative-tags: SHOP_GIFT_TICKET: is told by t instead of what it holds",
         "alternative-tags: SHOP_GIFT_THINGS: is told by Things instead of what it holds"),
    edit("{type: string}]\n", "{type: string}, {type: boolean}]\n",
         "alternative-added: SHOP_GIFT_BOOLEAN: a new alternative, bool; what it is was OTHER before, or another one"),
    edit(", {type: string}]\n", "]\n",
         "alternative-removed: SHOP_GIFT_TEXT: the alternative is gone; what it was is OTHER now, or another one"),
    renamed('"SHOP_GIFT_TEXT = 3"', '"SHOP_GIFT_WORDS = 3"',
            "alternative-renamed: SHOP_GIFT_TEXT: is called SHOP_GIFT_WORDS now"),
    renamed('"SHOP_GIFT_TEXT = 3"', '"SHOP_GIFT_TEXT = 7"',
            "alternative-renumbered: SHOP_GIFT_TEXT: is number 7 instead of 3"),
    renamed('"text": "text"', '"text": "words"', "alternative-member: SHOP_GIFT_TEXT: stands in u.words instead of u.text"),
    edit("{type: string}]\n", "{type: integer, title: Text}]\n",
         "alternative-type: SHOP_GIFT_TEXT: is int64_t instead of const char *"),
    edit("        sizes:", BOX, "list-added: shop_new_thing_list: a new list",
         "member-added: shop_thing.box: a new member, shop_new_thing_list"),
    back("        sizes:", BOX, "list-removed: shop_new_thing_list: the list is gone",
         "member-removed: shop_thing.box: the member is gone"),
    renamed('"shop_thing_list"', '"shop_things_items"', "list-renamed: shop_thing_list: is called shop_things_items now"),
    Pair((("items: {$ref: '#/components/schemas/Thing'", "items: {$ref: '#/components/schemas/Ticket'"),),
         ("list-item: shop_thing_list: holds shop_ticket instead of shop_thing",
          "pages-item: shop_list_things: the pager hands out shop_ticket instead of shop_thing"),
         lock=(('"list of shop_thing": "shop_thing_list"', '"list of shop_ticket": "shop_thing_list"'),)),
    edit("        sizes:", BOXES, "map-added: shop_new_thing_map: a new map",
         "member-added: shop_thing.box: a new member, shop_new_thing_map"),
    back("        sizes:", BOXES, "map-removed: shop_new_thing_map: the map is gone",
         "member-removed: shop_thing.box: the member is gone"),
    renamed('"shop_int_map"', '"shop_sizes"', "map-renamed: shop_int_map: is called shop_sizes now"),
    Pair((("sizes: {type: object, additionalProperties: {type: integer}}",
           "sizes: {type: object, additionalProperties: {type: number}}"),),
         ("map-value: shop_int_map: holds double instead of int64_t",),
         lock=(('"map of int": "shop_int_map"', '"map of num": "shop_int_map"'),)),
    edit(SECOND, SECOND + SECOND.replace("Level", "Rank"), "enum-added: shop_rank: a new enum"),
    edit(SECOND, "", "enum-removed: shop_level: the enum is gone"),
    renamed('"shop_level"', '"shop_rank"', "enum-renamed: shop_level: is called shop_rank now"),
    Pair(((SECOND, "    Level: {type: string, enum: ['1', '2']}\n"),),
         ("enum-kind: shop_level: is a text on the wire instead of a number",)),
    Pair((("colours: {type: array, items: {$ref: '#/components/schemas/Colour'}}", "colours: {type: string}"),),
         ("enum-item-added: shop_colour: stands in lists: shop_colour_item",
          "list-added: shop_colour_list: a new list",
          "member-type: shop_thing.colours: is shop_colour_list instead of const char *"), back=True),
    Pair((("colours: {type: array, items: {$ref: '#/components/schemas/Colour'}}", "colours: {type: string}"),),
         ("enum-item-removed: shop_colour: shop_colour_item is gone",
          "list-removed: shop_colour_list: the list is gone",
          "member-type: shop_thing.colours: is const char * instead of shop_colour_list")),
    edit("A colour.", "Some colour.", "enum-text: shop_colour: what is said about it changed",
         "member-text: shop_thing.colour: what is said about it changed"),
    edit("[red, green]", "[red, green, blue]", "value-added: SHOP_COLOUR_BLUE: a new value, blue"),
    edit("[red, green]", "[red]", "value-removed: SHOP_COLOUR_GREEN: the value green is gone"),
    renamed('"SHOP_COLOUR_GREEN = 2"', '"SHOP_COLOUR_LIME = 2"', "value-renamed: SHOP_COLOUR_GREEN: is called "
            "SHOP_COLOUR_LIME now"),
    renamed('"SHOP_COLOUR_GREEN = 2"', '"SHOP_COLOUR_GREEN = 5"', "value-renumbered: SHOP_COLOUR_GREEN: is number 5 instead "
            "of 2"),
    Pair((("[red, green]", "[red, lime]"),), ("value-wire: SHOP_COLOUR_GREEN: is lime on the wire instead of green",),
         lock=(('"green": "SHOP', '"lime": "SHOP'),)),
    # What is pinned keeps its name whatever the document calls it, and what is not pinned loses it.
    edit("operationId: list-things", "operationId: things-list",
         "operation-id: shop_list_things: eb_invoke knows it as things-list instead of list-things"),
    Pair((("    Form: {", "    Sheet: {"), ("schemas/Form'", "schemas/Sheet'")),
         ("struct-removed: shop_form: the struct is gone", "struct-added: shop_sheet: a new struct",
          "member-type: shop_send_form_params.body: is const shop_sheet * instead of const shop_form *")),
    Pair((), ()),
]  # fmt: skip
