/* replay.c -- main() of a fuzzer without an engine: plays every file of tests/fuzz/corpus/<name>/, or the files
 * that are named, once. */
#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include "fuzz.h"

/* Of the sanitizers, when there are any. */
extern void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static const char *playing = "";

/* Says which file it was; only with what a signal handler may call. */
static void say_which(void)
{
    const ssize_t written = write(2, playing, strlen(playing)) + write(2, "\n", 1);

    (void)written;
}

static void on_abort(int number)
{
    (void)number;
    say_which();
}

static bool play_file(const char *path)
{
    FILE    *file = fopen(path, "rb");
    uint8_t *data = NULL;
    long     size = -1;
    bool     read = false;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0) {
        data = malloc((size_t)size + 1);
        read = data != NULL && fread(data, 1, (size_t)size, file) == (size_t)size;
    }
    if (file != NULL)
        fclose(file);
    if (read)
        (void)LLVMFuzzerTestOneInput(data, (size_t)size);
    else
        fprintf(stderr, "%s: cannot be read\n", path);
    free(data);
    return read;
}

static void play_directory(const char *directory, int counts[2])
{
    DIR           *all = opendir(directory);
    struct dirent *entry;
    char           path[1024];

    while (all != NULL && (entry = readdir(all)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        playing = path;
        counts[!play_file(path)]++;
    }
    playing = "";
    if (all != NULL)
        closedir(all);
}

int main(int count, char **args)
{
    const char *slash   = strrchr(args[0], '/');
    const char *name    = slash != NULL ? slash + 1 : args[0];
    int         done[2] = { 0, 0 };
    char        directory[256];

    (void)snprintf(directory, sizeof directory, "tests/fuzz/corpus/%s",
                   strncmp(name, "fuzz-", 5) == 0 ? name + 5 : name);
    (void)signal(SIGABRT, on_abort);
    if (__sanitizer_set_death_callback != NULL)
        __sanitizer_set_death_callback(say_which);
    for (int i = 1; i < count; i++) {
        playing = args[i];
        done[!play_file(args[i])]++;
    }
    if (count == 1)
        play_directory(directory, done);
    printf("%d passed, %d failed\n", done[0], done[1]);
    return done[0] == 0 || done[1] != 0;
}
