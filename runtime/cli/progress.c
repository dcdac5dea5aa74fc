/* progress.c -- files to upload, with a bar on standard error when that is a terminal. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

struct cli_upload {
    char    *path;
    int      descriptor;
    uint64_t size;
    int      shown; /* percent; -1: nothing yet */
};

static void draw(cli_upload *upload, uint64_t done)
{
    enum { WIDTH = 30 };
    const int percent = upload->size > 0 ? (int)((double)done / (double)upload->size * 100) : 100;
    char      bar[WIDTH + 1];

    if (percent == upload->shown)
        return;
    upload->shown = percent;
    for (int i = 0; i < WIDTH; i++)
        bar[i] = i * 100 < percent * WIDTH ? '#' : '.';
    bar[WIDTH] = '\0';
    (void)fprintf(stderr, "\r[%s] %3d%%%s", bar, percent, done >= upload->size ? "\n" : "");
}

static int64_t read_piece(void *context, uint64_t offset, void *buffer, size_t size)
{
    cli_upload *upload = context;
    ssize_t     got;

    do
        got = pread(upload->descriptor, buffer, size, (off_t)offset);
    while (got < 0 && errno == EINTR);
    if (got >= 0)
        draw(upload, offset + (uint64_t)got);
    return got;
}

cli_upload *cli_upload_new(const char *path, eb_body *body, const char **problem)
{
    const char *slash  = strrchr(path, '/');
    cli_upload *upload = NULL;
    struct stat found;
    const int   descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (descriptor < 0 || fstat(descriptor, &found) != 0)
        *problem = strerror(errno);
    else if (!S_ISREG(found.st_mode))
        *problem = "it is no regular file";
    else
        upload = cli_alloc(sizeof *upload);
    if (upload == NULL) {
        if (descriptor >= 0)
            (void)close(descriptor);
        return NULL;
    }
    *upload = (cli_upload){ cli_dup(path, strlen(path)), descriptor, (uint64_t)found.st_size, -1 };
    *body   = isatty(STDERR_FILENO) ? eb_body_reader(read_piece, upload, upload->size)
                                    : eb_body_file(upload->path);
    body->size     = upload->size;
    body->filename = upload->path + (slash != NULL ? slash + 1 - path : 0);
    return upload;
}

void cli_upload_free(cli_upload *upload)
{
    if (upload == NULL)
        return;
    (void)close(upload->descriptor);
    cli_free(upload->path);
    cli_free(upload);
}
