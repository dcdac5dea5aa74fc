/* transport_curl.c -- HTTP by libcurl; the only file that knows it.
 *
 * A slot is a multi and an easy handle with the connections they keep. A thread takes the slot last given
 * back, so that warm connections are used first, and no connection is ever used by two threads. DNS
 * answers and TLS sessions are shared. libcurl sends a request again by itself when a reused connection
 * turns out dead; the pre-request callback refuses that second sending. */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "buf.h"
#include "client.h"
#include "memory.h"
#include "text.h"

enum {
    IDLE_MAX    = 8, /* slots kept */
    SLIST_MAX   = 56,
    SHARE_LOCKS = CURL_LOCK_DATA_LAST,
    SOCKETS_MAX = 16, /* looked after in a slot; libcurl keeps four connections in each */
    POLL_MAX_MS = 60000,
    HEAD_MAX    = 256 * 1024 /* header lines, those before and behind the answer too */
};

/* A connection idle for longer may be dead by now; whole seconds, so 1 is anything from 2 on. */
static const long IDLE_FRESH_S = 1, IDLE_OLD_S = 118;

enum phase { BEFORE_STATUS = 0, IN_HEADERS, BEHIND_HEADERS };

typedef struct slot {
    struct slot      *next;
    CURLM            *multi;
    CURL             *easy;
    eb_buf            lines; /* header lines, wiped after each exchange */
    struct curl_slist slist[SLIST_MAX];
    char              error[CURL_ERROR_SIZE];
    int               sockets[SOCKETS_MAX]; /* those that are open */
    size_t            socket_count;

    /* of the exchange under way */
    eb_exchange *exchange;
    int          sendings;
    enum phase   phase; /* of the answer's header lines */
    bool         answered;
    bool         stopped; /* a callback of the caller said stop */
    size_t       head;    /* bytes of header lines */
    bool         read_failed;
    uint64_t     read_at;
    curl_off_t   moved; /* bytes either way, and when their count last changed */
    int64_t      moved_ms;
    bool         stepping; /* run comes back whenever something has arrived */
    bool         arrived;
    int64_t      started_ms;
} slot;

typedef struct pool {
    eb_allocator    allocator;
    pthread_mutex_t lock;
    slot           *idle;
    size_t          idle_count, idle_max;
    CURLSH         *share; /* of the eb_shared */
    eb_arena       *arena; /* texts of options */
    const char *ca_file, *ca_pem, *cert, *cert_pem, *key, *key_pem, *key_password, *proxy, *no_proxy;
} pool;

struct eb_curl_share {
    eb_allocator    allocator;
    CURLSH         *share;
    pthread_mutex_t locks[SHARE_LOCKS];
};

static pthread_once_t global_once = PTHREAD_ONCE_INIT;

/* The one permitted global: libcurl's own, made once, never undone because others may use it too. */
static void global_init(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void lock_share(CURL *easy, curl_lock_data data, curl_lock_access access, void *context)
{
    (void)easy;
    (void)access;
    (void)pthread_mutex_lock(&((struct eb_curl_share *)context)->locks[(unsigned)data % SHARE_LOCKS]);
}

static void unlock_share(CURL *easy, curl_lock_data data, void *context)
{
    (void)easy;
    (void)pthread_mutex_unlock(&((struct eb_curl_share *)context)->locks[(unsigned)data % SHARE_LOCKS]);
}

struct eb_curl_share *eb__curl_share_new(const eb_allocator *allocator)
{
    struct eb_curl_share *made;

    (void)pthread_once(&global_once, global_init);
    made = eb__alloc(allocator, sizeof *made);
    if (made == NULL)
        return NULL;
    memset(made, 0, sizeof *made);
    made->allocator = *allocator;
    made->share     = curl_share_init();
    if (made->share == NULL) {
        eb__release(allocator, made, sizeof *made);
        return NULL;
    }
    for (size_t i = 0; i < SHARE_LOCKS; i++)
        (void)pthread_mutex_init(&made->locks[i], NULL);
    (void)curl_share_setopt(made->share, CURLSHOPT_LOCKFUNC, lock_share);
    (void)curl_share_setopt(made->share, CURLSHOPT_UNLOCKFUNC, unlock_share);
    (void)curl_share_setopt(made->share, CURLSHOPT_USERDATA, made);
    (void)curl_share_setopt(made->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    (void)curl_share_setopt(made->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    return made;
}

void eb__curl_share_free(struct eb_curl_share *share)
{
    eb_allocator allocator;

    if (share == NULL)
        return;
    (void)curl_share_cleanup(share->share);
    for (size_t i = 0; i < SHARE_LOCKS; i++)
        (void)pthread_mutex_destroy(&share->locks[i]);
    allocator = share->allocator;
    eb__release(&allocator, share, sizeof *share);
}

/* ---- Callbacks --------------------------------------------------------------------------------- */

static int before_request(void *context, char *primary_ip, char *local_ip, int primary_port, int local_port)
{
    slot *s = context;

    (void)primary_ip;
    (void)local_ip;
    (void)primary_port;
    (void)local_port;
    s->moved_ms = eb__system_clock.monotonic_ms(NULL);
    return ++s->sendings > 1 ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* Header lines come one by one: a status line, headers, an empty line; that again after a 1xx; behind the
 * body the trailer, which could pass for headers and is not handed on. */
static size_t take_header(char *line, size_t size, size_t count, void *context)
{
    slot        *s     = context;
    const size_t total = size * count;
    size_t       len   = total, name_len;
    const char  *value;

    s->head += total;
    if (s->head > HEAD_MAX)
        return 0;
    while (len > 0 && eb__is_space(line[len - 1]))
        len--;
    if (len == 0) {
        s->arrived = s->phase == IN_HEADERS && s->answered;
        s->phase = s->phase != IN_HEADERS ? s->phase : s->answered ? BEHIND_HEADERS : BEFORE_STATUS;
    } else if (s->phase == BEFORE_STATUS) {
        const char *space = memchr(line, ' ', len);

        s->answered = space != NULL && space + 1 < line + len && space[1] != '1'; /* not 1xx */
        s->phase    = IN_HEADERS;
        for (size_t i = 1; s->answered && i <= 3 && space + i < line + len; i++)
            s->exchange->http_status = s->exchange->http_status * 10 + (space[i] - '0');
    } else if (s->phase == IN_HEADERS && s->answered && !eb__is_space(*line)) {
        value = memchr(line, ':', len);
        if (value == NULL)
            return total;
        name_len = (size_t)(value - line);
        for (value++; value < line + len && eb__is_space(*value); value++)
            ;
        while (name_len > 0 && eb__is_space(line[name_len - 1]))
            name_len--;
        if (!s->exchange->on_header(s->exchange->context, line, name_len, value,
                                    (size_t)(line + len - value))) {
            s->stopped = true;
            return 0;
        }
    }
    return total;
}

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    slot *s = context;

    if (!s->exchange->on_body(s->exchange->context, data, size * count)) {
        s->stopped = true;
        return 0;
    }
    s->arrived = true;
    return size * count;
}

static size_t give_body(char *buffer, size_t size, size_t count, void *context)
{
    slot   *s = context;
    int64_t got;

    if (s->read_at >= s->exchange->body_size)
        return 0;
    got = s->exchange->read(s->exchange->read_context, s->read_at, buffer, size * count);
    if (got <= 0 || (uint64_t)got > s->exchange->body_size - s->read_at) {
        s->read_failed = true;
        return CURL_READFUNC_ABORT;
    }
    s->read_at += (uint64_t)got;
    return (size_t)got;
}

/* Before the first sending only: later it would mean a second one. */
static int wind_back(void *context, curl_off_t offset, int origin)
{
    slot *s = context;

    if (origin == SEEK_SET && offset >= 0 && s->sendings <= 1) {
        s->read_at = (uint64_t)offset;
        return CURL_SEEKFUNC_OK;
    }
    return CURL_SEEKFUNC_FAIL;
}

/* ---- Sockets ----------------------------------------------------------------------------------- */

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    slot     *s    = context;
    const int made = socket(address->family, address->socktype, address->protocol);

    (void)purpose;
    if (made < 0)
        return CURL_SOCKET_BAD;
    (void)fcntl(made, F_SETFD, FD_CLOEXEC);
    if (s->socket_count < SOCKETS_MAX)
        s->sockets[s->socket_count++] = made;
    return made;
}

static int close_socket(void *context, curl_socket_t closed)
{
    slot *s = context;

    for (size_t i = 0; i < s->socket_count; i++)
        if (s->sockets[i] == closed) {
            s->sockets[i] = s->sockets[--s->socket_count];
            break;
        }
    return close(closed);
}

/* Between two requests a server has nothing to say. What came all the same would pass for the answer to the
 * next request, and a reset for a connection that works: libcurl (7.88) looks for an orderly end alone. Such
 * a connection is brought to one. */
static void end_unquiet(slot *s)
{
    char some[1024];

    for (size_t i = 0; i < s->socket_count; i++) {
        const int at = s->sockets[i];

        if (recv(at, some, sizeof some, MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            continue;
        (void)shutdown(at, SHUT_RDWR);
        while (recv(at, some, sizeof some, MSG_DONTWAIT) > 0)
            ;
    }
}

/* ---- Slots ------------------------------------------------------------------------------------- */

static void slot_free(pool *p, slot *s)
{
    if (s->easy != NULL)
        curl_easy_cleanup(s->easy);
    if (s->multi != NULL)
        (void)curl_multi_cleanup(s->multi);
    eb__buf_free(&s->lines);
    eb__release(&p->allocator, s, sizeof *s);
}

/* MUST: libcurl copies the text, and without it the request would be another one, go elsewhere or trust
 * others; or an old libcurl does not know the option. */
#define SET(option, value)  (void)curl_easy_setopt(s->easy, option, value)
#define MUST(option, value) (good = curl_easy_setopt(s->easy, option, value) == CURLE_OK && good)

/* A PEM text as libcurl takes it; it keeps a copy. */
static bool set_text(slot *s, CURLoption option, const char *text)
{
    struct curl_blob blob;

    memset(&blob, 0, sizeof blob);
    blob.len   = strlen(text);
    blob.flags = CURL_BLOB_COPY;
    memcpy(&blob.data, &text, sizeof blob.data); /* libcurl's pointer is not const */
    return curl_easy_setopt(s->easy, option, &blob) == CURLE_OK;
}

/* What never changes from exchange to exchange. */
static bool slot_prepare(const pool *p, slot *s)
{
    bool good = true;

    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_SHARE, p->share);
    SET(CURLOPT_ERRORBUFFER, s->error);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    SET(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(CURLOPT_OPENSOCKETDATA, s);
    SET(CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    SET(CURLOPT_CLOSESOCKETDATA, s);
    MUST(CURLOPT_PREREQFUNCTION, before_request);
    MUST(CURLOPT_PREREQDATA, s);
    SET(CURLOPT_HEADERFUNCTION, take_header);
    SET(CURLOPT_HEADERDATA, s);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, s);
    SET(CURLOPT_READFUNCTION, give_body);
    SET(CURLOPT_READDATA, s);
    SET(CURLOPT_SEEKFUNCTION, wind_back);
    SET(CURLOPT_SEEKDATA, s);
    if (p->ca_pem != NULL) {
        good = set_text(s, CURLOPT_CAINFO_BLOB, p->ca_pem) && good;
    } else if (p->ca_file != NULL) {
        MUST(CURLOPT_CAINFO, p->ca_file);
    }
    if (p->ca_pem != NULL || p->ca_file != NULL)
        SET(CURLOPT_CAPATH, NULL); /* instead of the system's, not beside them */
    if (p->cert_pem != NULL)
        good = set_text(s, CURLOPT_SSLCERT_BLOB, p->cert_pem) && good;
    else if (p->cert != NULL)
        MUST(CURLOPT_SSLCERT, p->cert);
    if (p->key_pem != NULL)
        good = set_text(s, CURLOPT_SSLKEY_BLOB, p->key_pem) && good;
    else if (p->key != NULL)
        MUST(CURLOPT_SSLKEY, p->key);
    if (p->key_password != NULL)
        MUST(CURLOPT_KEYPASSWD, p->key_password);
    if (p->proxy != NULL)
        MUST(CURLOPT_PROXY, p->proxy);
    if (p->no_proxy != NULL)
        MUST(CURLOPT_NOPROXY, p->no_proxy);
    return good;
}

static slot *slot_new(pool *p)
{
    slot *s = eb__alloc(&p->allocator, sizeof *s);

    if (s == NULL)
        return NULL;
    memset(s, 0, sizeof *s);
    eb__buf_init(&s->lines, &p->allocator, 1024 * 1024);
    s->multi = curl_multi_init();
    s->easy  = curl_easy_init();
    if (s->multi == NULL || s->easy == NULL || !slot_prepare(p, s)) {
        slot_free(p, s);
        return NULL;
    }
    return s;
}

static slot *slot_take(pool *p)
{
    slot *s;

    (void)pthread_mutex_lock(&p->lock);
    s = p->idle;
    if (s != NULL) {
        p->idle = s->next;
        p->idle_count--;
    }
    (void)pthread_mutex_unlock(&p->lock);
    return s != NULL ? s : slot_new(p);
}

static void slot_give(pool *p, slot *s)
{
    bool kept = false;

    (void)pthread_mutex_lock(&p->lock);
    if (p->idle_count < p->idle_max) {
        s->next = p->idle;
        p->idle = s;
        p->idle_count++;
        kept = true;
    }
    (void)pthread_mutex_unlock(&p->lock);
    if (!kept)
        slot_free(p, s);
}

/* ---- An exchange ------------------------------------------------------------------------------- */

/* Is the value what the URL's authority says already? */
static bool is_host_of(const char *url, const char *host)
{
    const char  *authority = strstr(url, "://");
    const size_t len       = strlen(host);

    return authority != NULL && strncmp(authority + 3, host, len) == 0 &&
           (authority[3 + len] == '/' || authority[3 + len] == '\0' || authority[3 + len] == '?');
}

/* The request target word for word. libcurl would make the same from the URL, but 7.88 leaves the query out
 * when its memory runs out just then. NULL: a proxy may want another form of it. */
static const char *target_of(const pool *p, const char *url)
{
    const char *authority = strstr(url, "://");
    const bool  direct = eb__starts_with(url, "https") || (p->proxy != NULL && *p->proxy == '\0');

    return authority != NULL && direct ? strchr(authority + 3, '/') : NULL;
}

/* The header lines as libcurl wants them, in our own memory: it reads the list and copies nothing. */
static eb_status set_headers(slot *s, const eb_exchange *x)
{
    bool   has_type = false;
    size_t n        = 0, at[SLIST_MAX];

    if (x->header_count + 3 > SLIST_MAX)
        return EB_LIMIT;
    eb__buf_clear(&s->lines);
    for (size_t i = 0; i < x->header_count; i++) {
        if (eb__same_name(x->headers[i].name, "host") && is_host_of(x->url, x->headers[i].value))
            continue; /* libcurl says the same by itself, and cheaper */
        has_type = has_type || eb__same_name(x->headers[i].name, "content-type");
        at[n++]  = s->lines.len;
        eb__buf_puts(&s->lines, x->headers[i].name);
        eb__buf_puts(&s->lines, *x->headers[i].value != '\0' ? ": " : ";"); /* ";" is libcurl's empty value */
        eb__buf_puts(&s->lines, x->headers[i].value);
        eb__buf_putc(&s->lines, '\0');
    }
    if (x->has_body) { /* do not wait for "100 Continue" */
        at[n++] = s->lines.len;
        eb__buf_put(&s->lines, "Expect:", 8);
    }
    if (x->has_body && !has_type) { /* libcurl would call it a form */
        at[n++] = s->lines.len;
        eb__buf_put(&s->lines, "Content-Type:", 14);
    }
    if (eb__buf_status(&s->lines) != EB_OK)
        return eb__buf_status(&s->lines);
    for (size_t i = 0; i < n; i++) {
        s->slist[i].data = s->lines.data + at[i];
        s->slist[i].next = i + 1 < n ? &s->slist[i + 1] : NULL;
    }
    SET(CURLOPT_HTTPHEADER, s->slist);
    return EB_OK;
}

static bool set_body(slot *s, const eb_exchange *x)
{
    bool good = true;

    if (!x->has_body) {
        SET(CURLOPT_POSTFIELDS, NULL);
        SET(CURLOPT_HTTPGET, 1L);
        SET(CURLOPT_NOBODY, strcmp(x->method, "HEAD") == 0 ? 1L : 0L);
    } else {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->body_size);
        SET(CURLOPT_POSTFIELDS, x->body_size == 0 ? "" : x->read != NULL ? NULL : x->body);
    }
    MUST(CURLOPT_CUSTOMREQUEST, x->method); /* without it a DELETE would be a GET */
    return good;
}

static long clamp_ms(int64_t ms)
{
    return ms > 0x7fffffff ? 0x7fffffffL : (long)ms;
}

static eb_status set_up(const pool *p, slot *s, const eb_exchange *x)
{
    eb_status st = set_headers(s, x);

    if (st != EB_OK)
        return st;
    if (curl_easy_setopt(s->easy, CURLOPT_URL, x->url) != CURLE_OK ||
        curl_easy_setopt(s->easy, CURLOPT_REQUEST_TARGET, target_of(p, x->url)) != CURLE_OK)
        return EB_NOMEM;
    if (!set_body(s, x))
        return EB_NOMEM;
    SET(CURLOPT_TIMEOUT_MS, s->stepping ? 0L : clamp_ms(x->timeout_ms));
    SET(CURLOPT_CONNECTTIMEOUT_MS, clamp_ms(x->connect_timeout_ms));
    SET(CURLOPT_MAXAGE_CONN, x->fresh_if_idle ? IDLE_FRESH_S : IDLE_OLD_S);
    return EB_OK;
}

static int64_t now_ms(void)
{
    return eb__system_clock.monotonic_ms(NULL);
}

/* How long nothing may happen from now on; 0: that long it has been already. */
static int64_t patience_ms(slot *s)
{
    const int64_t stall_ms = s->exchange->stall_timeout_ms;
    long          head = 0, answer = 0;
    curl_off_t    sent = 0, received = 0;

    if (stall_ms <= 0 || s->sendings == 0) /* connecting has a limit of its own */
        return POLL_MAX_MS;
    (void)curl_easy_getinfo(s->easy, CURLINFO_REQUEST_SIZE, &head);
    (void)curl_easy_getinfo(s->easy, CURLINFO_HEADER_SIZE, &answer);
    (void)curl_easy_getinfo(s->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    (void)curl_easy_getinfo(s->easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
    if (s->moved != head + answer + sent + received) {
        s->moved    = head + answer + sent + received;
        s->moved_ms = now_ms();
    }
    return eb__until(eb__later(s->moved_ms, stall_ms), now_ms());
}

static CURLMcode wait(slot *s, int64_t most_ms)
{
    const eb_cancel_source *cancel = s->exchange->cancel;
    struct curl_waitfd      wake;

    memset(&wake, 0, sizeof wake);
    wake.fd     = cancel != NULL ? eb__cancel_descriptor(cancel) : -1;
    wake.events = CURL_WAIT_POLLIN;
    return curl_multi_poll(s->multi, cancel != NULL ? &wake : NULL, cancel != NULL ? 1 : 0,
                           most_ms < POLL_MAX_MS ? (int)most_ms : POLL_MAX_MS, NULL);
}

/* What is left of the time for an exchange whose time libcurl does not look after, because it may change. */
static int64_t time_left_ms(const slot *s)
{
    return s->stepping && s->exchange->timeout_ms > 0
               ? eb__until(eb__later(s->started_ms, s->exchange->timeout_ms), now_ms())
               : EB_FOREVER;
}

/* Drives the multi handle until the transfer is over, cancelled, or has stood still for too long; when stepping,
 * until something has arrived. */
static eb_status run(slot *s, CURLcode *result)
{
    const CURLMsg *message;
    CURLMcode      code    = CURLM_OK;
    int            running = 1, left;

    for (;;) {
        int64_t most_ms, time_ms;

        if (eb_is_cancelled(s->exchange->cancel))
            return EB_CANCELLED;
        code = curl_multi_perform(s->multi, &running);
        if (code != CURLM_OK)
            return EB_NOMEM;
        if (s->stepping && s->arrived)
            return EB_OK;
        if (running == 0)
            break;
        most_ms = patience_ms(s);
        time_ms = time_left_ms(s);
        if (time_ms == 0) {
            (void)snprintf(s->error, sizeof s->error, "not over after %lld ms",
                           (long long)s->exchange->timeout_ms);
            return EB_TIMEOUT;
        }
        if (most_ms == 0) {
            (void)snprintf(s->error, sizeof s->error, "no byte in either direction for %lld ms",
                           (long long)s->exchange->stall_timeout_ms);
            return EB_TIMEOUT;
        }
        if (wait(s, most_ms < time_ms ? most_ms : time_ms) != CURLM_OK)
            return EB_NOMEM;
    }
    *result = CURLE_OUT_OF_MEMORY;
    while ((message = curl_multi_info_read(s->multi, &left)) != NULL)
        if (message->msg == CURLMSG_DONE)
            *result = message->data.result;
    return EB_OK;
}

/* How far the request got. */
static eb_sent how_far(const slot *s)
{
    long       head = 0;
    curl_off_t body = 0;

    if (s->answered)
        return EB_SENT_ANSWERED;
    if (s->sendings != 1) /* on its second the first one had gone out, into a connection that was dead */
        return s->sendings == 0 ? EB_SENT_NOTHING : EB_SENT_ALL;
    (void)curl_easy_getinfo(s->easy, CURLINFO_REQUEST_SIZE, &head);
    (void)curl_easy_getinfo(s->easy, CURLINFO_SIZE_UPLOAD_T, &body);
    if (head <= 0)
        return EB_SENT_NOTHING;
    return body < (curl_off_t)s->exchange->body_size ? EB_SENT_PART : EB_SENT_ALL;
}

/* Is a line of the answer's headers, or its status line, longer than libcurl takes? It says out of memory
 * then; once something of the answer was there, it was rather this. */
static bool line_is_too_long(const slot *s)
{
    curl_off_t first_byte_us = 0;

    (void)curl_easy_getinfo(s->easy, CURLINFO_STARTTRANSFER_TIME_T, &first_byte_us);
    return s->phase != BEHIND_HEADERS && first_byte_us > 0;
}

static eb_status translate(const slot *s, CURLcode result)
{
    switch (result) {
    case CURLE_OK: /* libcurl takes a connection closed within the headers for their end */
        return s->phase == BEHIND_HEADERS ? EB_OK : EB_NETWORK;
    case CURLE_OUT_OF_MEMORY:
        return line_is_too_long(s) ? EB_LIMIT : EB_NOMEM;
    case CURLE_OPERATION_TIMEDOUT:
        return EB_TIMEOUT;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: /* once something was sent: the answer is no HTTP */
        return s->sendings == 0 ? EB_INVALID : EB_NETWORK;
    case CURLE_ABORTED_BY_CALLBACK:
        return s->read_failed ? EB_INVALID : EB_NETWORK;
    case CURLE_WRITE_ERROR:
        return s->stopped || s->head > HEAD_MAX ? EB_LIMIT : EB_NETWORK;
    default:
        return EB_NETWORK;
    }
}

static void explain(const slot *s, CURLcode result, eb_status st)
{
    const char *text = s->error[0] != '\0' ? s->error : curl_easy_strerror(result);

    if (st == EB_OK || st == EB_CANCELLED || s->stopped)
        return;
    if (st == EB_LIMIT)
        text = s->head > HEAD_MAX ? "the response's headers exceed 256 KiB"
                                  : "a line of the response's headers is too long";
    else if (s->sendings > 1)
        text = "the connection had been closed by the server";
    else if (s->read_failed)
        text = "the body could not be read";
    else if (st == EB_NETWORK && result == CURLE_OK)
        text = "the connection was closed within the headers";
    else if (eb__starts_with(text, "Unsupported proxy")) /* libcurl shows the whole URL, password too */
        text = "the proxy's URL cannot be used: it is malformed, or of an unknown kind";
    (void)snprintf(s->exchange->problem, sizeof s->exchange->problem, "%s", text);
}

/* Everything up to the first byte. */
static eb_status begin(const pool *p, slot *s, eb_exchange *x)
{
    eb_status st;

    s->exchange    = x;
    s->sendings    = 0;
    s->phase       = BEFORE_STATUS;
    s->answered    = false;
    s->stopped     = false;
    s->head        = 0;
    s->read_failed = false;
    s->read_at     = 0;
    s->moved       = 0;
    s->moved_ms    = 0;
    s->started_ms  = now_ms();
    s->error[0]    = '\0';
    st             = set_up(p, s, x);
    if (st != EB_OK)
        return st;
    end_unquiet(s);
    return curl_multi_add_handle(s->multi, s->easy) == CURLM_OK ? EB_OK : EB_NOMEM;
}

/* Says what came of it. */
static eb_status conclude(const slot *s, eb_exchange *x, eb_status st, CURLcode result)
{
    long status = 0;

    if (st == EB_OK)
        st = translate(s, result);
    x->sent = how_far(s);
    if (s->answered && curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK)
        x->http_status = (int)status;
    explain(s, result, st);
    return st;
}

static void let_go(pool *p, slot *s)
{
    (void)curl_multi_remove_handle(s->multi, s->easy);
    SET(CURLOPT_HTTPHEADER, NULL);
    SET(CURLOPT_POSTFIELDS, NULL);
    if (s->lines.data != NULL)
        eb__wipe(s->lines.data, s->lines.len);
    s->exchange = NULL;
    slot_give(p, s);
}

static slot *take_for(pool *p, eb_exchange *x, bool stepping)
{
    slot *s = slot_take(p);

    x->http_status = 0;
    x->sent        = EB_SENT_NOTHING;
    x->problem[0]  = '\0';
    if (s != NULL) {
        s->stepping = stepping;
        s->arrived  = false;
    }
    return s;
}

static eb_status exchange(void *context, eb_exchange *x)
{
    pool     *p      = context;
    slot     *s      = take_for(p, x, false);
    CURLcode  result = CURLE_OK;
    eb_status st;

    if (s == NULL)
        return EB_NOMEM;
    st = begin(p, s, x);
    if (st == EB_OK) {
        st = run(s, &result);
        st = conclude(s, x, st, result);
    }
    let_go(p, s);
    return st;
}

#if EB_PART_EVENTS
static eb_status step(void *context, eb_exchange *x)
{
    pool     *p      = context;
    slot     *s      = x->state;
    CURLcode  result = CURLE_OK;
    eb_status st;

    if (s == NULL) {
        s = take_for(p, x, true);
        if (s == NULL)
            return EB_NOMEM;
        x->state = s;
        st       = begin(p, s, x);
        if (st != EB_OK)
            return st;
    }
    s->arrived  = false;
    s->moved_ms = now_ms(); /* what the caller did meanwhile is no silence of the service */
    st          = run(s, &result);
    if (st == EB_OK && s->arrived)
        return EB_OK;
    st = conclude(s, x, st, result);
    return st == EB_OK ? EB_DONE : st;
}

static void end(void *context, eb_exchange *x)
{
    if (x->state != NULL)
        let_go(context, x->state);
    x->state = NULL;
}
#endif

/* ---- The pool ---------------------------------------------------------------------------------- */

static void pool_free(void *context)
{
    pool        *p = context;
    eb_allocator allocator;

    while (p->idle != NULL) {
        slot *s = p->idle;

        p->idle = s->next;
        slot_free(p, s);
    }
    (void)pthread_mutex_destroy(&p->lock);
    eb__arena_free(p->arena);
    allocator = p->allocator;
    eb__release(&allocator, p, sizeof *p);
}

static bool keep(pool *p, const char **kept, const char *text)
{
    *kept = text != NULL ? eb__arena_dup(p->arena, text, strlen(text)) : NULL;
    return text == NULL || *kept != NULL;
}

static const char *unreadable(const eb_client_options *options, const char **path)
{
    const struct {
        const char *name, *path;
    } files[] = {
        { "ca_file", options->ca_pem == NULL ? options->ca_file : NULL },
        { "client_cert_file", options->client_cert_pem == NULL ? options->client_cert_file : NULL },
        { "client_key_file", options->client_key_pem == NULL ? options->client_key_file : NULL }
    };

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        FILE *file = files[i].path != NULL ? fopen(files[i].path, "rb") : NULL;

        if (files[i].path != NULL && file == NULL) {
            *path = files[i].path;
            return files[i].name;
        }
        if (file != NULL)
            (void)fclose(file);
    }
    return NULL;
}

/* The client's certificate and key; a certificate without a key beside it holds the key as well. */
static bool keep_identity(pool *p, const eb_client_options *o)
{
    const bool alone = o->client_key_pem == NULL && o->client_key_file == NULL;

    return keep(p, &p->cert_pem, o->client_cert_pem) && keep(p, &p->cert, o->client_cert_file) &&
           keep(p, &p->key_pem, alone ? o->client_cert_pem : o->client_key_pem) &&
           keep(p, &p->key, alone ? o->client_cert_file : o->client_key_file) &&
           keep(p, &p->key_password, o->client_key_password);
}

eb_status eb__curl_transport_new(const eb_client_options *options, eb_shared *shared,
                                 const eb_allocator *allocator, eb_transport *transport,
                                 char *problem, size_t problem_size)
{
    const char           *path  = NULL;
    const char           *fault = unreadable(options, &path);
    struct eb_curl_share *share;
    pool                 *p;

    if (fault != NULL) {
        (void)snprintf(problem, problem_size, "%s: cannot read \"%.180s\"", fault, path);
        return EB_INVALID;
    }
    share = eb__shared_curl(shared);
    p     = share != NULL ? eb__alloc(allocator, sizeof *p) : NULL;
    if (p == NULL)
        return EB_NOMEM;
    memset(p, 0, sizeof *p);
    p->allocator = *allocator;
    p->idle_max  = options->max_idle_connections != 0 ? options->max_idle_connections : IDLE_MAX;
    (void)pthread_mutex_init(&p->lock, NULL);
    p->arena = eb__arena_new(&p->allocator, 0);
    p->share = share->share;
    if (p->arena == NULL || !keep(p, &p->ca_file, options->ca_file) ||
        !keep(p, &p->ca_pem, options->ca_pem) || !keep_identity(p, options) ||
        !keep(p, &p->proxy, options->proxy) || !keep(p, &p->no_proxy, options->no_proxy)) {
        pool_free(p);
        return EB_NOMEM;
    }
    memset(transport, 0, sizeof *transport);
    transport->exchange = exchange;
    transport->free     = pool_free;
    transport->context  = p;
#if EB_PART_EVENTS
    transport->step = step;
    transport->end  = end;
#endif
    return EB_OK;
}
