/* server.h -- an HTTP server on the loopback interface for tests of the real transport: a thread that
 * accepts, a thread per connection that runs the test's own function, and a record of what came. Nothing
 * waits longer than a few seconds, and server_stop ends everything. */
#ifndef SERVER_H
#define SERVER_H

#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SERVER_CONNECTIONS = 256, SERVER_REQUESTS = 64, SERVER_PATIENCE_MS = 5000 };

typedef struct server server;
typedef struct peer {
    server   *server;
    int       fd;
    int       number; /* of the connection, from 0 */
    pthread_t thread;
    char      request[4 * 1024 * 1024]; /* the last one: head and body */
    size_t    head_len, len;
} peer;

struct server {
    void (*serve)(peer *p); /* a connection from its beginning; it is closed behind it */
    void       *context;
    int         listener;
    int         port;
    pthread_t   thread;
    atomic_bool stopping;
    atomic_int  connections, requests;
    peer       *peers[SERVER_CONNECTIONS];

    pthread_mutex_t lock;
    pthread_cond_t  changed;
    char           *heads[SERVER_REQUESTS]; /* copies of the first request heads */
    int             waiting;                /* for server_meet */
};

static inline int64_t server_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void server_sleep_ms(int64_t ms)
{
    const struct timespec time = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };

    nanosleep(&time, NULL);
}

/* Waits for bytes; false: the peer is gone, or the server stops. */
static inline bool server_wait(const peer *p)
{
    for (int waited = 0; waited < SERVER_PATIENCE_MS && !atomic_load(&p->server->stopping); waited += 20) {
        struct pollfd ready = { .fd = p->fd, .events = POLLIN };

        if (poll(&ready, 1, 20) > 0)
            return true;
    }
    return false;
}

/* Reads one request with its body into p->request. False: there is none. */
static inline bool server_read(peer *p)
{
    const char *length;
    char       *end    = NULL;
    size_t      wanted = 0;

    p->len = p->head_len = 0;
    for (;;) {
        ssize_t got;

        if (end != NULL && p->len >= p->head_len + wanted)
            break;
        if (!server_wait(p))
            return false;
        got = recv(p->fd, p->request + p->len, sizeof p->request - 1 - p->len, 0);
        if (got <= 0)
            return false;
        p->len += (size_t)got;
        p->request[p->len] = '\0';
        if (end == NULL && (end = strstr(p->request, "\r\n\r\n")) != NULL) {
            p->head_len = (size_t)(end + 4 - p->request);
            length      = strstr(p->request, "Content-Length: ");
            wanted = length != NULL && length < end ? (size_t)strtoul(length + 16, NULL, 10) : 0;
        }
    }
    {
        const int n = atomic_fetch_add(&p->server->requests, 1);

        if (n < SERVER_REQUESTS) {
            char *head = malloc(p->head_len + 1);

            memcpy(head, p->request, p->head_len);
            head[p->head_len] = '\0';
            pthread_mutex_lock(&p->server->lock);
            p->server->heads[n] = head;
            pthread_mutex_unlock(&p->server->lock);
        }
    }
    return true;
}

static inline void server_send(const peer *p, const void *data, size_t len)
{
    const char *at = data;

    while (len > 0) {
        const ssize_t sent = send(p->fd, at, len, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        at += sent;
        len -= (size_t)sent;
    }
}

static inline void server_say(const peer *p, const char *text)
{
    server_send(p, text, strlen(text));
}

/* Answers with a JSON body. */
static inline void server_answer(const peer *p, int status, const char *body)
{
    char head[200];

    (void)snprintf(head, sizeof head,
                   "HTTP/1.1 %d Some Words\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                   status, strlen(body));
    server_say(p, head);
    server_say(p, body);
}

/* Closes so that the client sees a reset. */
static inline void server_reset(const peer *p)
{
    const struct linger hard = { 1, 0 };

    (void)setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

/* Waits until so many connections have come here. False: they did not. */
static inline bool server_meet(peer *p, int count)
{
    const struct timespec now = { time(NULL) + SERVER_PATIENCE_MS / 1000, 0 };
    bool                  met;

    pthread_mutex_lock(&p->server->lock);
    p->server->waiting++;
    pthread_cond_broadcast(&p->server->changed);
    while (p->server->waiting < count &&
           pthread_cond_timedwait(&p->server->changed, &p->server->lock, &now) == 0)
        ;
    met = p->server->waiting >= count;
    pthread_mutex_unlock(&p->server->lock);
    return met;
}

static inline void *server_connection(void *context)
{
    peer *p = context;

    p->server->serve(p);
    close(p->fd);
    return NULL;
}

static inline void *server_loop(void *context)
{
    server *s = context;

    while (!atomic_load(&s->stopping)) {
        struct pollfd ready = { .fd = s->listener, .events = POLLIN };
        const int     on    = 1;
        peer         *p;
        int           n;

        if (poll(&ready, 1, 20) <= 0)
            continue;
        n = atomic_load(&s->connections);
        if (n == SERVER_CONNECTIONS)
            break;
        p = calloc(1, sizeof *p);
        if (p == NULL)
            break;
        p->server = s;
        p->number = n;
        p->fd     = accept(s->listener, NULL, NULL);
        if (p->fd < 0) {
            free(p);
            continue;
        }
        (void)setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        s->peers[n] = p;
        atomic_store(&s->connections, n + 1);
        if (pthread_create(&p->thread, NULL, server_connection, p) != 0)
            abort();
    }
    return NULL;
}

static inline server *server_start(void (*serve)(peer *p), void *context)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t          size    = sizeof address;
    server            *s       = calloc(1, sizeof *s);

    ck_assert_ptr_nonnull(s);
    s->serve   = serve;
    s->context = context;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->listener             = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_ge(s->listener, 0);
    ck_assert_int_eq(bind(s->listener, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(s->listener, 64), 0);
    ck_assert_int_eq(getsockname(s->listener, (struct sockaddr *)&address, &size), 0);
    s->port = ntohs(address.sin_port);
    ck_assert_int_eq(pthread_create(&s->thread, NULL, server_loop, s), 0);
    return s;
}

static inline void server_stop(server *s)
{
    atomic_store(&s->stopping, true);
    pthread_join(s->thread, NULL);
    for (int i = 0; i < atomic_load(&s->connections); i++) {
        pthread_join(s->peers[i]->thread, NULL);
        free(s->peers[i]);
    }
    close(s->listener);
    for (int i = 0; i < SERVER_REQUESTS; i++)
        free(s->heads[i]);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->changed);
    free(s);
}

#endif
