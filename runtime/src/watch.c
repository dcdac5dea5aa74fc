/* watch.c -- hooks, log lines, a call as a curl command, and secrets taken out of what others wrote. */
#include "watch.h"

#include <string.h>

#include "codec.h"
#include "edgebind/observe.h"
#include "payload.h"
#include "rows.h"
#include "text.h"

/* A text of the parameters that is a secret, copied because the parameters may be gone when it is needed. */
struct eb_secret {
    struct eb_secret *next;
    const char       *text;
};

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

/* The URL with secret query values as ***; the query is read off the sent text, so nothing else differs. */
static void put_url(eb_buf *out, const eb_call *call)
{
    const char *query = strchr(call->request.url, '?');

    eb__buf_put(out, call->request.url,
                query == NULL ? strlen(call->request.url) : (size_t)(query - call->request.url));
    for (size_t i = 0; query != NULL && i < call->request.query_count; i++) {
        const char  *name  = query + 1;
        const size_t pair  = strcspn(name, "&");
        const size_t named = strcspn(name, "=");

        eb__buf_putc(out, i == 0 ? '?' : '&');
        if (call->request.query_secret[i]) {
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
                       eb_may_show_header(call->request.headers[i].name) ? call->request.headers[i].value
                                                                         : "***");
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
        } else if (row->kind == EB_KIND_OBJECT) {
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
        eb__buf_printf(&text, "%s: %s", header->name,
                       eb_may_show_header(header->name) ? header->value : "***");
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

eb_status eb__watch_refused(const eb_client *client, const char *operation, eb_response *response,
                            eb_status status)
{
    eb_buf line;

    response->status    = status;
    response->cause     = status;
    response->reason    = EB_REASON_LOCAL;
    response->operation = operation;
    if (*response->message == '\0')
        response->message = eb_status_text(status);
    if (!logs(client, EB_LOG_ERROR))
        return status;
    eb__buf_init(&line, &client->allocator, 64 * 1024);
    eb__buf_printf(&line, "%s: %s, %s", operation, eb_status_name(status), response->message);
    write_line(client, EB_LOG_ERROR, &line);
    eb__buf_free(&line);
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
    return eb__request_extra_header(&moment->call_->request, moment->call_->in.api->auth, name, value);
}

/* ---- Secrets in what others wrote --------------------------------------------------------------- */

void eb__scrub(char *text, const char *secret)
{
    const size_t len = secret != NULL ? strlen(secret) : 0;

    if (len < SECRET_MIN)
        return;
    for (char *at = strstr(text, secret); at != NULL; at = strstr(at + len, secret))
        memset(at, '*', len);
}

static eb_status collect(eb_call *call, const eb_type *type, const void *value, bool secret);

static eb_status keep_secret(eb_call *call, const char *text)
{
    struct eb_secret *secret;

    if (text == NULL || strlen(text) < SECRET_MIN)
        return EB_OK;
    secret = eb__arena_alloc(call->arena, sizeof *secret);
    if (secret == NULL)
        return EB_NOMEM;
    secret->next  = call->secrets;
    secret->text  = eb__arena_dup(call->arena, text, strlen(text));
    call->secrets = secret;
    return secret->text != NULL ? EB_OK : EB_NOMEM;
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

    if (type->shape == EB_SHAPE_UNION) {
        const eb_field *row = eb__union_row(type, value);

        return row != NULL ? collect_member(call, row, value, secret) : EB_OK;
    }
    for (uint16_t i = 0; i < type->row_count && st == EB_OK; i++)
        st = collect_member(call, &type->rows[i], value, secret);
    return st;
}

eb_status eb__watch_start(eb_call *call)
{
    const eb_status st = collect(call, call->in.operation->params, call->in.params, false);

    return st == EB_OK && logs(call->in.client, EB_LOG_TRACE) ? keep_curl_body(call) : st;
}

static eb_status scrub_text(const eb_call *call, const char **shown)
{
    const eb_auth *auth = call->in.api->auth;
    char          *text;

    if (**shown == '\0')
        return EB_OK;
    text = eb__arena_dup(call->response->arena_, *shown, strlen(*shown));
    if (text == NULL)
        return EB_NOMEM;
    for (const struct eb_secret *secret = call->secrets; secret != NULL; secret = secret->next)
        eb__scrub(text, secret->text);
    eb__scrub(text, call->in.client->credentials.fixed.secret); /* never sent, and yet */
    for (size_t i = 0; i < call->request.header_count; i++) {
        const eb_header *header = &call->request.headers[i];
        size_t           prefix = auth != NULL && auth->prefix != NULL ? strlen(auth->prefix) : 0;

        if (eb__same_name(header->name, "x-acs-security-token"))
            eb__scrub(text, header->value);
        else if (auth != NULL && auth->header != NULL &&
                 eb__same_name(header->name, auth->header) && strlen(header->value) > prefix)
            eb__scrub(text, header->value + prefix);
    }
    *shown = text;
    return EB_OK;
}

eb_status eb__scrub_answer(eb_call *call)
{
    eb_response *r  = call->response;
    eb_status    st = scrub_text(call, &r->message);

    if (st == EB_OK)
        st = scrub_text(call, &r->code);
    if (st == EB_OK)
        st = scrub_text(call, &r->field);
    return st == EB_OK ? scrub_text(call, &r->request_id) : st;
}
