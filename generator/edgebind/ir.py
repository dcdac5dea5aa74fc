"""What the emitters see: types, operations and an API, with every decision made. Nothing here knows YAML or names."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any


class Kind(Enum):
    """What a member is in C; the value is the middle part of its row macro, EB_ROW_OPT_INT."""

    BOOL = "BOOL"
    INT = "INT"
    NUM = "NUM"
    OPT_BOOL = "OPT_BOOL"
    OPT_INT = "OPT_INT"
    OPT_NUM = "OPT_NUM"
    STR = "STR"
    TEXT = "TEXT"
    DECIMAL = "DECIMAL"
    ENUM = "ENUM"
    INT_ENUM = "INT_ENUM"
    JSON = "JSON"
    OBJECT = "OBJECT"
    LIST = "LIST"
    MAP = "MAP"
    BODY = "BODY"


@dataclass(frozen=True)
class Limits:
    """A documented range; None is open. Integers for lengths, counts and integers, floats for numbers."""

    low: int | float | None = None   # 1
    high: int | float | None = None  # 64
    number: bool = False             # a range of a double: EB_NUM_RANGE


@dataclass(frozen=True)
class Field:
    """A member of a struct, and its row."""

    json: str                    # "req_cpu", as on the wire; "" for the rest of the members
    name: str                    # "req_cpu", a C identifier, unique in its struct
    kind: Kind                   # Kind.OPT_INT
    required: bool = False
    nullable: bool = False
    secret: bool = False         # printed and logged as "***"
    read_only: bool = False      # not sent by a call
    write_only: bool = False     # may be missing where it is required, when received
    rest: bool = False           # a map of the members that have no row of their own
    target: str | None = None    # "edgegap_port", "edgegap_port_list", "edgegap_protocol"
    fixed: bool = False          # an enum of one value that is sent without being set
    in_place: bool = False       # a union, which is null by its kind: in a list or map even so it stands by value
    null_items: bool = False     # a list of strings that may be null: its own row macro
    limits: Limits | None = None # Limits(100, None)
    doc: str = ""                # "CPU units, at least 100. 1024 units are one virtual CPU."
    facts: tuple[str, ...] = ()  # ("required", "at least 100", "default 1440"): what stands behind the description
    example: Any = field(default=None, compare=False)  # 512, as the document shows it; None: it shows none
    where: str = ""              # "#/components/schemas/AppVersionCreate/properties/req_cpu"

    @property
    def deprecated(self) -> bool:
        return "Deprecated." in self.facts


@dataclass(frozen=True)
class Struct:
    name: str                    # "edgegap_app_version"
    fields: tuple[Field, ...]
    nullable: bool = False       # there is an edgegap_probe_null
    plain: bool = True           # JSON can say all of it: no upload inside
    doc: str = ""
    where: str = ""              # "#/components/schemas/AppVersion"


@dataclass(frozen=True)
class Choice:
    """An alternative of a union: a member of `u`, and a constant of the kind."""

    field: Field                 # cat
    constant: str                # "ACME_PET_CAT"
    number: int                  # 1, pinned
    tags: tuple[str, ...] = ()   # ("cat",): values of the discriminator that mean it
    types: tuple[str, ...] = ()  # ("object",): of free-form JSON that has a type


@dataclass(frozen=True)
class Union(Struct):
    """A struct { kind, u }; its fields are the members of u."""

    choices: tuple[Choice, ...] = ()
    member: str | None = None    # "pet_type": the discriminator; None: alternatives are told apart by what they hold


@dataclass(frozen=True)
class EnumValue:
    text: str                    # "TCP/UDP", or "3" of an integer enum
    name: str                    # "EDGEGAP_PROTOCOL_TCP_UDP"
    number: int                  # 3, pinned
    doc: str = ""


@dataclass(frozen=True)
class EnumType:
    name: str                    # "edgegap_protocol"
    values: tuple[EnumValue, ...]  # in the order of their numbers; a retired value is not among them
    integer: bool = False
    in_lists: bool = False       # there is an edgegap_protocol_item
    doc: str = ""
    where: str = ""


@dataclass(frozen=True)
class ListType:
    """A list struct that this API declares itself; item is a struct, an enum, a list or a map."""

    name: str                    # "edgegap_port_list"
    item: str                    # "edgegap_port"
    kind: Kind                   # Kind.OBJECT: items are edgegap_port
    nullable: bool = False       # items that are enums may be null
    where: str = ""
    in_place: bool = False       # items that are unions stand by value, though they may be null


@dataclass(frozen=True)
class MapType:
    """A map struct that this API declares itself: { const char *key; X value; } entries."""

    name: str                    # "edgegap_port_map"
    entry: str                   # "edgegap_port_entry"
    value: Field                 # named "value"
    where: str = ""


@dataclass(frozen=True)
class Parameter:
    """A row of a params struct and where it goes."""

    field: Field
    place: str                   # "EB_IN_PATH | EB_SEGMENTS"
    style: str = ""              # "EB_STYLE_DEEP | EB_ALLOW_RESERVED"; "" as usual
    key: bool = False            # an idempotency key, made when it is not given

    @property
    def wire(self) -> str:
        """What it is called where it goes: of "query.id" id, of the part's header "picture.X-Camera" X-Camera."""
        qualified = "EB_QUALIFIED" in self.style or self.place.startswith("EB_IN_PART")
        return self.field.json.partition(".")[2] if qualified else self.field.json


@dataclass(frozen=True)
class Part:
    """How a member of a form is written."""

    type: str | None = None      # "image/png, image/jpeg": its Content-Type, or what it may be; None: none is said
    place: str = "0"             # "EB_EXPLODE"
    style: str = "EB_STYLE_USUAL"  # "EB_STYLE_DEEP"
    first_header: int = 0        # row of params of its first header
    header_count: int = 0
    usual: bool = True           # no table is needed for it


USUAL_TYPES = {
    "EB_SEND_JSON": "application/json",
    "EB_SEND_FORM": "application/x-www-form-urlencoded",
    "EB_SEND_MULTIPART": "multipart/form-data",
    "EB_SEND_BYTES": "application/octet-stream",
    "EB_SEND_TEXT": "text/plain",
}


@dataclass(frozen=True)
class Content:
    """A way to send the body."""

    type: str                    # "application/json"
    send: str                    # "EB_SEND_JSON"
    parts: tuple[Part, ...] = () # of a form, for each of its rows; (): all as usual


@dataclass(frozen=True)
class Answer:
    """A documented status, for people."""

    status: str                  # "404", "default"
    doc: str                     # "What the path names does not exist."
    codes: tuple[str, ...] = ()  # ("InvalidApp.NotFound",)
    success: bool = False
    type: str | None = None      # "edgegap_error": of its body, where that is not the result
    function: str | None = None  # "edgegap_app_version_get_404": gives the body as that type
    media: tuple[str, ...] = ()  # ("application/json",)
    where: str = ""              # "#/components/responses/NotFound"


@dataclass(frozen=True)
class AnswerRow:
    """What the runtime has to know of a documented answer."""

    type: str | None             # "edgegap_error"; None: left as it came
    status: int                  # 404; 4 for 4XX; 0 for default
    kind: str                    # "EB_ANSWER_JSON"


@dataclass(frozen=True)
class Events:
    """A success that arrives as a stream of events."""

    accept: str                  # "text/event-stream"
    lines: bool                  # a line is an event, as in application/x-ndjson
    type: str | None = None      # "acme_chunk": of an event's data; None: text
    done: str | None = None      # "[DONE]", data that ends the stream


@dataclass(frozen=True)
class Pages:
    kind: str                    # "EB_PAGES_NUMBER"
    page: str | None             # "page"; None: of EB_PAGES_URL
    items: str                   # "/versions"; "": the whole answer
    item: str                    # "edgegap_app_version"
    shown: str                   # "const edgegap_app_version *": what a walk hands out
    by_value: bool = False       # it is the item itself: a text, a number
    size: str | None = None      # "limit"
    next: str | None = None      # "/pagination/next_page_number"
    header: str | None = None    # "Link": the response header that says it instead
    more: str | None = None      # "/pagination/has_next"
    number: str | None = None    # "/pagination/number"
    total: str | None = None     # "/total_count"


@dataclass(frozen=True)
class Link:
    function: str                # "dcdn_upload_routine_code_file"
    api: str                     # "oss"
    header: str                  # "oss": the header that declares oss_api
    operation: str               # "PostObject"
    operation_name: str          # "oss_post_object"
    server: str                  # "/Content/OssPostConfig/Url"
    fields: tuple[tuple[str, str], ...]  # (("key", "/Content/OssPostConfig/key"),)
    rest: str | None             # "/Content/OssPostConfig"
    file: str                    # "file", the form field
    member: str                  # "file", in the params struct
    hosts: tuple[str, ...]       # ("*.aliyuncs.com",)


@dataclass(frozen=True)
class Wait:
    id: str                      # "ready"
    function: str                # "acme_thing_get_wait_ready"
    state: str | None            # "/status"; None: the status alone says
    success: tuple[str, ...]     # ("ready",): texts of values that were waited for
    failure: tuple[str, ...]     # ("error",): of those that mean it will not come
    success_status: tuple[int, ...]  # (404,)
    pending_status: tuple[int, ...]
    quoted: bool = True          # the values are texts, not numbers or booleans
    before_ms: int = 0           # pause before the first call
    first_ms: int = 0            # and behind it
    growth_percent: int = 100
    cap_ms: int = 0
    maximum_ms: int = 0
    where: str = ""              # "#/paths/~1things/get/x-eb-wait/ready"


@dataclass(frozen=True)
class RateLimit:
    requests: int
    seconds: int
    scope: str                   # "account"


@dataclass(frozen=True)
class Retries:
    """How often and after how long an operation is sent again; None is as usual."""

    attempts: int | None = None  # 5, in all; 1: never again
    base_ms: int | None = None   # 500: bound of the first wait
    cap_ms: int | None = None    # 60000: bound of any


@dataclass(frozen=True)
class Asked:
    """A parameter of the call that tells whether another one arrived."""

    json: str                    # "version_name", on the wire
    name: str                    # "version_name", in C
    pointer: str                 # "/body/name", into the other call's parameters
    expression: str              # "body->name", the same as a person writes it


@dataclass(frozen=True)
class Way:
    """Security schemes that go together; none of them: whoever asks is let in."""

    schemes: tuple[tuple[str, tuple[str, ...]], ...]  # (("oauth", ("read", "write")), ("key", ()))


@dataclass(frozen=True)
class ServerVariable:
    name: str                    # "region"
    fallback: str | None         # None: the caller must give it
    values: tuple[str, ...] = () # (): any
    doc: str = ""
    example: str = ""            # a value that can be given: the default, which is none when the caller must give it


@dataclass(frozen=True)
class Server:
    url: str                     # "https://{region}.example.com", or a path: "/v1"
    variables: tuple[ServerVariable, ...] = ()
    doc: str = ""
    name: str = ""               # "sandbox", when the document says one
    where: str = ""              # "#/servers/0"


@dataclass(frozen=True)
class ServerChoice:
    """A constant for one of several servers."""

    name: str                    # "ACME_SERVER_SANDBOX"
    number: int                  # 2, pinned
    server: Server


@dataclass(frozen=True)
class Operation:
    id: str                      # "app-version-get"
    name: str                    # "edgegap_app_version_get"
    method: str                  # "GET"
    path: str                    # "/v1/app/{app_name}/version/{version_name}", without what follows #
    parameters: tuple[Parameter, ...]
    result: str | None = None    # "edgegap_app_version"
    result_name: str = "result"  # "version", the out parameter
    body: str = ""               # "json", "text", "bytes", "events": a success without a result, in response->body
    rows: tuple[AnswerRow, ...] = ()  # (): every success is the result, no failure has a type
    headers: str | None = None   # "edgegap_app_version_list_headers"
    events: Events | None = None
    action: str | None = None    # "CreateEdgeContainerAppVersion"
    ram_action: str | None = None
    pages: Pages | None = None
    link: Link | None = None
    waits: tuple[Wait, ...] = ()
    rate_limit: RateLimit | None = None
    own_rate_limit: bool = False # stated at the operation, not for the whole document
    retries: Retries | None = None
    own_retries: bool = False    # likewise
    timeout_ms: int | None = None  # 120000: its deadline unless a caller says otherwise
    verify: str | None = None    # "edgegap_app_version_get"
    verify_id: str | None = None  # "app-version-get"
    verify_with: tuple[Asked, ...] = ()
    accept: str | None = None
    send: str = "EB_SEND_NOTHING"
    contents: tuple[Content, ...] = ()  # of each body; (): one, of the type that is usual for send
    one_body: bool = False       # one of several bodies must be given
    notes: tuple[str, ...] = ()  # ("The header parameter Accept is left out, as OpenAPI has it: ...",)
    safe: bool = False           # as it is with a key
    security: tuple[Way, ...] | None = None  # None: the document's; (): no credentials
    server: Server | None = None  # None: the document's
    deprecated: bool = False
    summary: str = ""
    doc: str = ""
    answers: tuple[Answer, ...] = ()
    where: str = ""              # "#/paths/~1v1~1app/post"

    @property
    def key(self) -> Parameter | None:
        """The parameter that is its idempotency key."""
        return next((p for p in self.parameters if p.key), None)

    def ways(self) -> list[tuple[str, Content]]:
        """Each body's member, and how it is sent."""
        names = [p.field.name for p in self.parameters if p.place == "EB_IN_BODY"]
        contents = self.contents or (Content(USUAL_TYPES.get(self.send, ""), self.send),)
        return list(zip(names, contents, strict=False))


@dataclass(frozen=True)
class Auth:
    kind: str                    # "EB_AUTH_API_KEY_HEADER"
    header: str | None = None    # "authorization"
    prefix: str | None = None    # "token "
    env_id: str | None = None
    env_secret: str | None = None
    env_token: str | None = None # "EDGEGAP_TOKEN"
    acs_version: str | None = None
    doc: str = ""
    scheme: str = ""             # "token", its name in the document
    token_url: str | None = None # "https://login.example.com/token"
    scope: str | None = None     # "read write": what all operations together need
    in_body: bool = False        # client_secret_post
    where: str = ""


@dataclass(frozen=True)
class Failure:
    pointer: str                 # "/Success"
    is_: tuple[str, ...] = ()    # ("false",)
    is_not: tuple[str, ...] = () # ("2xx", "OK")


@dataclass(frozen=True)
class Errors:
    xml: bool = False
    code: tuple[str, ...] = ()
    message: tuple[str, ...] = ()
    request_id: tuple[str, ...] = ()
    request_id_header: str | None = None
    fields: str | None = None
    throttled: str | None = None
    failures: tuple[Failure, ...] = ()
    failure_status: tuple[int, ...] = ()
    codes: EnumType | None = None  # esa_error


@dataclass(frozen=True)
class Api:
    name: str                    # "edgegap"
    header: str                  # "edgegap"
    document: str                # "edgegap.yaml"
    sha256: str
    title: str
    version: str
    doc: str
    servers: tuple[Server, ...]  # the first is where calls go unless told otherwise
    schemes: tuple[Auth, ...]    # the security schemes that something demands
    security: tuple[Way, ...]    # what operations demand that say nothing themselves
    errors: Errors
    operations: tuple[Operation, ...]
    enums: tuple[EnumType, ...]
    types: tuple[Struct | ListType | MapType, ...] = field(default=())  # what stands in a later one comes before it
    choices: tuple[ServerChoice, ...] = ()  # of a document with several servers

    @cached_property
    def structs(self) -> dict[str, Struct]:
        """By C name, as the following."""
        return {made.name: made for made in self.types if isinstance(made, Struct)}

    @cached_property
    def lists(self) -> dict[str, ListType]:
        return {made.name: made for made in self.types if isinstance(made, ListType)}

    @cached_property
    def maps(self) -> dict[str, MapType]:
        return {made.name: made for made in self.types if isinstance(made, MapType)}

    @cached_property
    def enums_by_name(self) -> dict[str, EnumType]:
        return {made.name: made for made in self.enums}

    @cached_property
    def operations_by_name(self) -> dict[str, Operation]:
        return {made.name: made for made in self.operations}

    @cached_property
    def rate_limit(self) -> RateLimit | None:
        """Of all operations that have none of their own."""
        return next((o.rate_limit for o in self.operations if o.rate_limit and not o.own_rate_limit), None)

    @cached_property
    def retries(self) -> Retries | None:
        """Likewise."""
        return next((o.retries for o in self.operations if o.retries and not o.own_retries), None)

    @property
    def server(self) -> Server:
        return self.servers[0]

    @cached_property
    def auth(self) -> Auth | None:
        """The only scheme of an API where every operation demands it, or nothing."""
        if len(self.schemes) != 1 or self.ways(self.security) != (1,):
            return None
        plain = all(not o.security or self.ways(o.security) == (1,) for o in self.operations)
        return self.schemes[0] if plain else None

    def ways(self, security: tuple[Way, ...]) -> tuple[int, ...]:
        """Each way as a number with a bit for every scheme."""
        place = {scheme.scheme: i for i, scheme in enumerate(self.schemes)}
        return tuple(sum(1 << place[name] for name, _ in way.schemes) for way in security)

    @cached_property
    def securities(self) -> dict[tuple[int, ...], str]:
        """What operations and the API demand, each different list once, and what it is called in C."""
        if self.auth is not None or not self.schemes:
            return {}
        lists = [self.ways(self.security)]
        lists += [ways for o in self.operations if o.security is not None and (ways := self.ways(o.security))]
        return {ways: f"security_{i}" if i else "security" for i, ways in enumerate(dict.fromkeys(lists))}

    @cached_property
    def own_servers(self) -> dict[Server, str]:
        """Servers that operations have for themselves, and what each is called in C."""
        own = dict.fromkeys(o.server for o in self.operations if o.server is not None)
        return {server: f"server_{i}" for i, server in enumerate(own, 1)}

    def demands(self, operation: Operation) -> tuple[Way, ...]:
        return self.security if operation.security is None else operation.security
