/*
 * What the twins share.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *call)
{
    perror(call);
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void open_pair(int fds[2], int type)
{
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds) != 0) {
        fail("socketpair");
    }
}

static int compare_doubles(const void *left, const void *right)
{
    double difference = *(const double *)left - *(const double *)right;

    return (difference > 0) - (difference < 0);
}

/* Figures of batches, of which a percentile says more than the mean does where others use the cores as well. */
struct batches {
    double *figures;
    size_t count;
};

static void add_batch(struct batches *batches, double figure)
{
    enum { GROWTH = 4096 };

    if (batches->count % GROWTH == 0) {
        batches->figures = realloc(batches->figures, (batches->count + GROWTH) * sizeof figure);
        if (batches->figures == NULL) {
            fail("realloc");
        }
    }
    batches->figures[batches->count++] = figure;
}

static void sort_batches(struct batches *batches)
{
    qsort(batches->figures, batches->count, sizeof *batches->figures, compare_doubles);
}

/* Of sorted ones. */
static double figure_at(const struct batches *batches, double percent)
{
    return batches->figures[(size_t)(batches->count * percent / 100)];
}

/* Ends the batches. */
static double percentile(struct batches *batches, int percent)
{
    double figure;

    sort_batches(batches);
    figure = figure_at(batches, percent);
    free(batches->figures);
    return figure;
}
