/* watch.c -- hooks, log lines, a call as a curl command, and secrets taken out of what others wrote. */
#include "watch.h"

#include <string.h>

#include "codec.h"
#include "edgebind/observe.h"
#include "payload.h"
#include "rows.h"
#include "text.h"

enum { SECRET_MIN = 4 };

static bool logs(const eb_client *client, eb_log_level level)
{
    return client->log.write != NULL && client->log.level >= level;
}

static bool is_watched(const eb_client *client)
{
    return client->hooks.before_sign != NULL || client->hooks.before_send != NULL ||
           client->hooks.after_attempt != NULL || client->hooks.after_call != NULL ||
           logs(client, EB_LOG_ERROR);
}

/* ---- What may be shown ------------------------------------------------------------------------- */

bool eb_may_show_header(const char *name)
{
    static const char *const shown[] = { "accept",
                                         "content-length",
                                         "content-type",
                                         "date",
                                         "host",
                                         "idempotency-key",
                                         "location",
                                         "retry-after",
                                         "retry-after-ms",
                                         "server",
                                         "user-agent",
                                         "x-acs-action",
                                         "x-acs-content-sha256",
                                         "x-acs-date",
                                         "x-acs-request-id",
                                         "x-acs-retry-after",
                                         "x-acs-retry-attempts",
                                         "x-acs-retry-delay",
                                         "x-acs-signature-nonce",
                                         "x-acs-trace-id",
                                         "x-acs-version",
                                         "x-oss-request-id",
                                         "traceparent" };

    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        if (eb__same_name(name, shown[i]))
            return true;
    return false;
}

/* Is it where a security scheme of the API has its key? */
static bool is_key(const eb_call *call, const char *name, bool in_query)
{
    const eb_client *client = call->in.client;

    for (size_t i = 0; i < client->held_count; i++) {
        const eb_auth *auth = client->held[i].auth;

        if (auth->header != NULL && (auth->kind == EB_AUTH_API_KEY_QUERY) == in_query &&
            (in_query ? strcmp(name, auth->header) == 0 : eb__same_name(name, auth->header)))
            return true;
    }
    return false;
}

/* The header's value as it may be shown. */
static const char *shown_value(const eb_call *call, const eb_header *header)
{
    const bool idempotency = call->request.key != NULL && header->value == call->request.key;

    return (idempotency || eb_may_show_header(header->name)) && !is_key(call, header->name, false)
               ? header->value
               : "***";
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* How many bytes at the start of a text are the secret, each of its bytes as it is or percent-encoded; 0: it does not
 * begin with it. */
static size_t secret_at(const char *text, size_t len, const char *secret)
{
    size_t at = 0;

    for (; *secret != '\0'; secret++) {
        if (at == len)
            return 0;
        if (text[at] == *secret && (*secret != '%' || at + 2 >= len || hex_digit(text[at + 1]) < 0 ||
                                    hex_digit(text[at + 2]) < 0 || text[at + 1] == secret[1]))
            at++;
        else if (text[at] == '%' && len - at >= 3 && hex_digit(text[at + 1]) >= 0 &&
                 hex_digit(text[at + 2]) >= 0 &&
                 (char)(hex_digit(text[at + 1]) * 16 + hex_digit(text[at + 2])) == *secret)
            at += 3;
        else if (text[at] == '+' && *secret == ' ')
            at++;
        else
            return 0;
    }
    return at;
}

/* The URL's part before the query, with secrets of the path as ***. */
static void put_path(eb_buf *out, const eb_call *call, const char *text, size_t len)
{
    const char  *authority = strstr(text, "://");
    const size_t host      = authority != NULL
                                 ? (size_t)(authority - text) + 3 + strcspn(authority + 3, "/?")
                                 : 0;

    eb__buf_put(out, text, host);
    if (call->path_hidden) {
        eb__buf_puts(out, "/***");
        return;
    }
    for (size_t i = host; i < len;) {
        size_t hidden = 0;

        for (const eb_secret *s = call->path_secrets; s != NULL; s = s->next) {
            const size_t matched = secret_at(text + i, len - i, s->text);

            hidden = matched > hidden ? matched : hidden;
        }
        if (hidden > 0)
            eb__buf_puts(out, "***");
        else
            eb__buf_putc(out, text[i]);
        i += hidden > 0 ? hidden : 1;
    }
}

/* The URL with secret values as ***; the query is read off the sent text, so nothing else differs. */
static void put_url(eb_buf *out, const eb_call *call)
{
    const char *query = strchr(call->request.url, '?');

    put_path(out, call, call->request.url,
             query == NULL ? strlen(call->request.url) : (size_t)(query - call->request.url));
    for (size_t i = 0; query != NULL && i < call->request.query_count; i++) {
        const char  *name  = query + 1;
        const size_t pair  = strcspn(name, "&");
        const size_t named = strcspn(name, "=");

        eb__buf_putc(out, i == 0 ? '?' : '&');
        if (call->request.query_secret[i] || is_key(call, call->request.query[i].name, true)) {
            eb__buf_put(out, name, named < pair ? named : pair);
            eb__buf_puts(out, "=***");
        } else {
            eb__buf_put(out, name, pair);
        }
        query = name[pair] == '&' ? name + pair : NULL;
    }
}

/* ---- Log lines --------------------------------------------------------------------------------- */

static void write_line(const eb_client *client, eb_log_level level, const eb_buf *line)
{
    if (eb__buf_status(line) == EB_OK)
        client->log.write(client->log.context, level, eb__buf_text(line));
}

static void begin_line(eb_buf *line, const eb_call *call)
{
    eb__buf_init(line, &call->in.client->allocator, 256 * 1024);
    eb__buf_printf(line, "%s #%llu", call->in.operation->name, (unsigned long long)call->number);
}

static void log_call(const eb_call *call, const eb_moment *moment)
{
    const eb_log_level level = moment->status == EB_OK ? EB_LOG_INFO : EB_LOG_ERROR;
    const eb_response *r     = call->response;
    eb_buf             line;

    if (!logs(call->in.client, level))
        return;
    begin_line(&line, call);
    eb__buf_printf(&line, ": %s, HTTP %d, %d attempt%s, %lld ms", eb_status_name(moment->status),
                   r->http_status, call->attempt, call->attempt == 1 ? "" : "s",
                   (long long)moment->duration_ms);
    if (*r->request_id != '\0')
        eb__buf_printf(&line, ", request %s", r->request_id);
    if (moment->status != EB_OK)
        eb__buf_printf(&line, ", %s%s%s", r->code, *r->code != '\0' ? ": " : "", r->message);
    write_line(call->in.client, level, &line);
    eb__buf_free(&line);
}

static void log_attempt(const eb_call *call, const eb_moment *moment)
{
    eb_buf line;

    if (!logs(call->in.client, EB_LOG_WARN) || moment->delay_ms == 0)
        return;
    begin_line(&line, call);
    eb__buf_printf(&line, ": attempt %d: %s, HTTP %d, %s; next in %lld ms", moment->attempt,
                   eb_status_name(moment->status), moment->http_status,
                   eb_reason_text(moment->reason), (long long)moment->delay_ms);
    write_line(call->in.client, EB_LOG_WARN, &line);
    eb__buf_free(&line);
}

static void log_sending(const eb_call *call, const eb_moment *moment)
{
    eb_buf line;

    if (!logs(call->in.client, EB_LOG_DEBUG))
        return;
    begin_line(&line, call);
    eb__buf_printf(&line, ": attempt %d: %s %s", moment->attempt, moment->method, moment->url);
    for (size_t i = 0; i < call->request.header_count; i++)
        eb__buf_printf(&line, " [%s: %s]", call->request.headers[i].name,
                       shown_value(call, &call->request.headers[i]));
    write_line(call->in.client, EB_LOG_DEBUG, &line);
    eb__buf_free(&line);
}

/* ---- As a curl command ------------------------------------------------------------------------- */

/* How many bytes of a control character stand here: ASCII's, or one of U+0080 to U+009F; 0: it is none. */
static size_t control(const char *text, size_t len)
{
    const unsigned char c = (unsigned char)text[0];

    if (c == 0xC2 && len > 1 && (unsigned char)text[1] >= 0x80 && (unsigned char)text[1] < 0xA0)
        return 2;
    return (c < ' ' && c != '\n') || c == 0x7f;
}

/* A word for a shell: in single quotes, control characters but line ends as question marks. */
static void put_word(eb_buf *out, const char *text, size_t len)
{
    eb__buf_putc(out, '\'');
    for (size_t i = 0; i < len; i++) {
        const size_t bad = control(text + i, len - i);

        if (text[i] == '\'')
            eb__buf_puts(out, "'\\''");
        else
            eb__buf_putc(out, bad > 0 ? '?' : text[i]);
        i += bad > 1 ? bad - 1 : 0;
    }
    eb__buf_putc(out, '\'');
}

static void put_form_word(eb_buf *out, const char *option, const eb_field *row, const void *form,
                          const eb_allocator *allocator)
{
    eb_buf pair;

    if (!eb__is_given(row, form))
        return;
    eb__buf_init(&pair, allocator, 256 * 1024);
    eb__buf_printf(&pair, "%s=", row->json);
    if (row->kind == EB_KIND_BODY || row->target == &eb_body_list_type)
        eb__buf_puts(&pair, "@FILE");
    else if ((row->flags & (EB_SECRET | EB_REST)) != 0)
        eb__buf_puts(&pair, "***");
    else if (row->kind == EB_KIND_OBJECT || row->kind == EB_KIND_LIST || row->kind == EB_KIND_MAP)
        eb__print_member(&pair, row, form);
    else if (!eb__encode_plain(&pair, row, form))
        (void)eb__encode_member(&pair, row, form);
    eb__buf_printf(out, " %s ", option);
    put_word(out, eb__buf_text(&pair), eb__buf_status(&pair) == EB_OK ? pair.len : 0);
    eb__buf_free(&pair);
}

/* The body as options of curl, made when the call starts: what the parameters point at may be gone later. */
static eb_status keep_curl_body(eb_call *call)
{
    const eb_operation *op        = call->in.operation;
    const eb_allocator *allocator = &call->in.client->allocator;
    eb_status           st;
    eb_buf              out, text;

    eb__buf_init(&out, allocator, 1024 * 1024);
    for (uint16_t i = 0; i < op->params->row_count; i++) {
        const eb_field *row  = &op->params->rows[i];
        const void     *body = NULL;
        const eb_type  *type = row->target;
        uint8_t         send;

        if ((op->places[i] & EB_PLACE_MASK_) != EB_IN_BODY || !eb__is_given(row, call->in.params))
            continue;
        send = eb__payload_content(op, i).send;
        if (row->kind == EB_KIND_BODY) {
            eb__buf_puts(&out, " --data-binary @FILE");
        } else if (send == EB_SEND_JSON || send == EB_SEND_TEXT) {
            eb__buf_init(&text, allocator, 1024 * 1024);
            if ((row->flags & EB_SECRET) != 0)
                eb__buf_puts(&text, "***");
            else if (send == EB_SEND_JSON)
                eb__print_member(&text, row, call->in.params);
            else
                (void)eb__encode_plain(&text, row, call->in.params);
            eb__buf_puts(&out, " --data ");
            put_word(&out, eb__buf_text(&text), eb__buf_status(&text) == EB_OK ? text.len : 0);
            eb__buf_free(&text);
        } else if (eb__is_struct_row(row)) {
            memcpy(&body, (const char *)call->in.params + row->offset, sizeof body);
            for (uint16_t k = 0; body != NULL && k < type->row_count; k++)
                put_form_word(&out, send == EB_SEND_MULTIPART ? "--form" : "--data-urlencode",
                              &type->rows[k], body, allocator);
        }
    }
    st = eb__buf_status(&out) == EB_NOMEM ? EB_NOMEM : EB_OK; /* too long is not worth failing a call for */
    if (st == EB_OK) {
        call->curl_body = eb__arena_dup(call->arena, eb__buf_text(&out),
                                        eb__buf_status(&out) == EB_OK ? out.len : 0);
        st              = call->curl_body != NULL ? EB_OK : EB_NOMEM;
    }
    eb__buf_free(&out);
    return st;
}

static void log_curl(const eb_call *call, const eb_moment *moment)
{
    eb_buf line;

    if (!logs(call->in.client, EB_LOG_TRACE))
        return;
    eb__buf_init(&line, &call->in.client->allocator, 1024 * 1024);
    eb__buf_printf(&line, "curl -X %s", moment->method);
    for (size_t i = 0; i < call->request.header_count; i++) {
        const eb_header *header = &call->request.headers[i];
        eb_buf           text;

        eb__buf_init(&text, &call->in.client->allocator, 64 * 1024);
        eb__buf_printf(&text, "%s: %s", header->name, shown_value(call, header));
        eb__buf_puts(&line, " -H ");
        put_word(&line, eb__buf_text(&text), eb__buf_status(&text) == EB_OK ? text.len : 0);
        eb__buf_free(&text);
    }
    eb__buf_puts(&line, call->curl_body);
    eb__buf_putc(&line, ' ');
    put_word(&line, moment->url, strlen(moment->url));
    write_line(call->in.client, EB_LOG_TRACE, &line);
    eb__buf_free(&line);
}

/* ---- Moments ----------------------------------------------------------------------------------- */

static int64_t now_ms(const eb_call *call)
{
    return call->in.client->clock.monotonic_ms(call->in.client->clock.context);
}

/* The URL is made into a buffer that the caller frees. */
static eb_moment moment_of(eb_call *call, eb_buf *url)
{
    eb_moment moment;

    memset(&moment, 0, sizeof moment);
    eb__buf_init(url, &call->in.client->allocator, 128 * 1024);
    if (call->request.url != NULL)
        put_url(url, call);
    moment.api           = call->in.api->name;
    moment.operation     = call->in.operation->name;
    moment.method        = call->in.operation->method;
    moment.url           = eb__buf_text(url);
    moment.call          = call->number;
    moment.attempt       = call->attempt;
    moment.code          = "";
    moment.request_id    = "";
    moment.request_bytes = call->exchange.body_size;
    moment.call_         = call;
    return moment;
}

void eb__watch_sign(eb_call *call)
{
    const eb_hooks *hooks = &call->in.client->hooks;
    eb_buf          url;
    eb_moment       moment;

    if (hooks->before_sign == NULL)
        return;
    moment = moment_of(call, &url);
    hooks->before_sign(hooks->context, &moment);
    eb__buf_free(&url);
}

void eb__watch_send(eb_call *call)
{
    const eb_hooks *hooks = &call->in.client->hooks;
    eb_buf          url;
    eb_moment       moment;

    if (hooks->before_send == NULL && !logs(call->in.client, EB_LOG_DEBUG))
        return;
    moment = moment_of(call, &url);
    log_sending(call, &moment);
    log_curl(call, &moment);
    if (hooks->before_send != NULL)
        hooks->before_send(hooks->context, &moment);
    eb__buf_free(&url);
}

void eb__watch_token(const eb_call *call, const char *authority, int n)
{
    eb_buf line;

    if (!logs(call->in.client, EB_LOG_DEBUG))
        return;
    begin_line(&line, call);
    eb__buf_printf(&line, ": asks %s for an access token%s", authority, n > 1 ? ", again" : "");
    write_line(call->in.client, EB_LOG_DEBUG, &line);
    eb__buf_free(&line);
}

static void fill_outcome(eb_moment *moment, const eb_call *call)
{
    moment->http_status    = call->response->http_status;
    moment->sent           = call->response->sent;
    moment->reason         = call->response->reason;
    moment->code           = call->response->code;
    moment->request_id     = call->response->request_id;
    moment->response_bytes = call->response->body.len;
}

void eb__watch_attempt(eb_call *call)
{
    const eb_hooks   *hooks   = &call->in.client->hooks;
    const eb_attempt *attempt = &call->attempts[call->attempt - 1];
    eb_buf            url;
    eb_moment         moment;

    if (hooks->after_attempt == NULL && !logs(call->in.client, EB_LOG_WARN))
        return;
    moment = moment_of(call, &url);
    fill_outcome(&moment, call);
    moment.status      = attempt->status;
    moment.delay_ms    = attempt->delay_ms;
    moment.duration_ms = now_ms(call) - call->attempt_started_ms;
    log_attempt(call, &moment);
    if (hooks->after_attempt != NULL)
        hooks->after_attempt(hooks->context, &moment);
    eb__buf_free(&url);
}

void eb__watch_end(eb_call *call)
{
    const eb_hooks *hooks = &call->in.client->hooks;
    eb_buf          url;
    eb_moment       moment;

    if (!is_watched(call->in.client))
        return;
    moment = moment_of(call, &url);
    fill_outcome(&moment, call);
    moment.status      = call->status;
    moment.duration_ms = now_ms(call) - call->started_ms;
    log_call(call, &moment);
    if (hooks->after_call != NULL)
        hooks->after_call(hooks->context, &moment);
    eb__buf_free(&url);
}

void eb__watch_line(const eb_client *client, eb_log_level level, const char *name, eb_status status,
                    const char *message)
{
    eb_buf line;

    if (!logs(client, level))
        return;
    eb__buf_init(&line, &client->allocator, 64 * 1024);
    eb__buf_printf(&line, "%s: %s, %s", name, eb_status_name(status), message);
    write_line(client, level, &line);
    eb__buf_free(&line);
}

void eb__watch_waits(const eb_client *client, const char *name, const char *member,
                     const char *state, int http_status, int64_t pause_ms)
{
    eb_buf line;

    if (!logs(client, EB_LOG_INFO))
        return;
    eb__buf_init(&line, &client->allocator, 64 * 1024);
    eb__buf_printf(&line, "%s: ", name);
    if (*member != '\0')
        eb__buf_printf(&line, "%s is \"%s\", next call", member, state);
    else if (http_status != 0)
        eb__buf_printf(&line, "HTTP %d, next call", http_status);
    else
        eb__buf_puts(&line, "first call");
    eb__buf_printf(&line, " in %lld ms", (long long)pause_ms);
    write_line(client, EB_LOG_INFO, &line);
    eb__buf_free(&line);
}

eb_status eb__watch_refused(const eb_client *client, const char *operation, eb_response *response,
                            eb_status status)
{
    response->status    = status;
    response->cause     = status;
    response->reason    = EB_REASON_LOCAL;
    response->operation = operation;
    if (*response->message == '\0')
        response->message = eb_status_text(status);
    eb__watch_line(client, EB_LOG_ERROR, operation, status, response->message);
    return status;
}

const char *eb_log_level_name(eb_log_level level)
{
    static const char *const names[] = { "none", "error", "warn", "info", "debug", "trace" };

    return (int)level >= 0 && (size_t)level < sizeof names / sizeof names[0] ? names[level] : "unknown";
}

eb_status eb_moment_header(eb_moment *moment, const char *name, const char *value)
{
    if (moment == NULL || moment->call_ == NULL || name == NULL || value == NULL)
        return EB_INVALID;
    return eb__request_extra_header(&moment->call_->request, moment->call_->in.client, name, value);
}

/* ---- Secrets in what others wrote --------------------------------------------------------------- */

void eb__scrub(char *text, const char *secret)
{
    if (secret == NULL || strlen(secret) < SECRET_MIN)
        return;
    for (size_t i = 0, len = strlen(text); i < len;) {
        const size_t hidden = secret_at(text + i, len - i, secret);

        memset(text + i, '*', hidden);
        i += hidden > 0 ? hidden : 1;
    }
}

static eb_status collect(eb_call *call, const eb_type *type, const void *value, bool secret);

/* A copy, because the parameters may be gone when it is needed. */
static eb_status keep_in(eb_secret **list, eb_arena *arena, const char *text)
{
    eb_secret *secret = eb__arena_alloc(arena, sizeof *secret);

    if (secret == NULL)
        return EB_NOMEM;
    secret->next = *list;
    secret->text = eb__arena_dup(arena, text, strlen(text));
    if (secret->text == NULL)
        return EB_NOMEM;
    *list = secret;
    return EB_OK;
}

static eb_status keep_secret(eb_call *call, const char *text)
{
    return text == NULL || strlen(text) < SECRET_MIN ? EB_OK
                                                     : keep_in(&call->secrets, call->arena, text);
}

/* Secrets in the path, of whatever length: the URL is ours, and what they stand for in it is known. */
static eb_status collect_path(eb_call *call)
{
    const eb_operation *op = call->in.operation;
    eb_buf              text;
    eb_status           st = EB_OK;

    for (uint16_t i = 0; i < op->params->row_count && st == EB_OK; i++) {
        const eb_field *row = &op->params->rows[i];

        if ((op->places[i] & EB_PLACE_MASK_) != EB_IN_PATH || (row->flags & EB_SECRET) == 0)
            continue;
        eb__buf_init(&text, &call->in.client->allocator, 0);
        if (eb__encode_plain(&text, row, call->in.params) && text.len > 0)
            st = keep_in(&call->path_secrets, call->arena, eb__buf_text(&text));
        else
            call->path_hidden = true; /* of several parts */
        if (eb__buf_status(&text) == EB_NOMEM)
            st = EB_NOMEM;
        eb__buf_free(&text);
    }
    return st;
}

/* secret: the member stands in one that is a secret as a whole. */
static eb_status collect_member(eb_call *call, const eb_field *row, const void *base, bool secret)
{
    const char    *at   = (const char *)base + row->offset;
    const eb_type *type = row->target;
    eb_status      st   = EB_OK;
    const void    *inner;
    const char    *text;
    struct {
        const char *items;
        size_t      count;
    } list;

    secret = secret || (row->flags & EB_SECRET) != 0;
    switch (row->kind) {
    case EB_KIND_STR:
    case EB_KIND_TEXT:
    case EB_KIND_DECIMAL:
        memcpy(&text, at, sizeof text);
        return secret ? keep_secret(call, text) : EB_OK;
    case EB_KIND_OBJECT:
        memcpy(&inner, at, sizeof inner);
        return inner != NULL ? collect(call, type, inner, secret) : EB_OK;
    case EB_KIND_STRUCT:
        return collect(call, type, at, secret);
    case EB_KIND_LIST:
    case EB_KIND_MAP:
        memcpy(&list, at, sizeof list);
        for (size_t i = 0; EB_LIST_IS_SET(list) && i < list.count && st == EB_OK; i++)
            st = collect_member(call, type->rows, list.items + i * type->size, secret);
        return st;
    default:
        return EB_OK;
    }
}

static eb_status collect(eb_call *call, const eb_type *type, const void *value, bool secret)
{
    eb_status st = EB_OK;

#if EB_PART_UNIONS
    if (type->shape == EB_SHAPE_UNION) {
        const eb_field *row = eb__union_row(type, value);

        return row != NULL ? collect_member(call, row, value, secret) : EB_OK;
    }
#endif
    for (uint16_t i = 0; i < type->row_count && st == EB_OK; i++)
        st = collect_member(call, &type->rows[i], value, secret);
    return st;
}

eb_status eb__watch_start(eb_call *call)
{
    eb_status st = collect(call, call->in.operation->params, call->in.params, false);

    if (st == EB_OK && is_watched(call->in.client))
        st = collect_path(call);
    return st == EB_OK && logs(call->in.client, EB_LOG_TRACE) ? keep_curl_body(call) : st;
}

eb_status eb__scrub_text(const eb_call *call, const char **shown)
{
    char *text;

    if (**shown == '\0')
        return EB_OK;
    text = eb__arena_dup(call->response->arena_, *shown, strlen(*shown));
    if (text == NULL)
        return EB_NOMEM;
    for (const eb_secret *secret = call->secrets; secret != NULL; secret = secret->next)
        eb__scrub(text, secret->text);
    for (const eb_secret *secret = call->request.secrets; secret != NULL; secret = secret->next)
        eb__scrub(text, secret->text); /* one that only signs is never sent, and yet */
    *shown = text;
    return EB_OK;
}

eb_status eb__scrub_answer(eb_call *call)
{
    eb_response *r  = call->response;
    eb_status    st = eb__scrub_text(call, &r->message);

    if (st == EB_OK)
        st = eb__scrub_text(call, &r->code);
    if (st == EB_OK)
        st = eb__scrub_text(call, &r->field);
    return st == EB_OK ? eb__scrub_text(call, &r->request_id) : st;
}
