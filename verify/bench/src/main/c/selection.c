/*
 * What Selection does, as one writes it in C: epoll_wait among many ends that nothing happens on, and for many that
 * are ready.
 *
 *   selection ENDS,ENDS… READY SECONDS
 *
 * prints lines of `name=nanoseconds`: one epoll_wait with one end ready of so many, from the fewest on, and what each of
 * READY more that are ready adds to the last.
 */
#include "twin.h"
#include <sys/epoll.h>
#include <sys/resource.h>

enum { BATCH = 100 };

/* Adds pairs until there are so many ends in the queue. */
static void watch(int queue, int (*pairs)[2], int from, int to)
{
    for (int end = from; end < to; end++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = end};

        if (end % 2 == 0) {
            open_pair(pairs[end / 2], SOCK_STREAM);
        }
        if (epoll_ctl(queue, EPOLL_CTL_ADD, pairs[end / 2][end % 2], &event) != 0) {
            fail("epoll_ctl");
        }
    }
}

static void make_ready(int (*pairs)[2], int from, int to)
{
    for (int pair = from; pair < to; pair++) {
        if (send(pairs[pair][0], "", 1, 0) != 1) {
            fail("send");
        }
    }
}

static double nanos_of_wait(int queue, struct epoll_event *events, int ready, double seconds)
{
    double end = now() + seconds;
    struct batches nanos = {0};
    double start;

    do {
        start = now();
        for (int i = 0; i < BATCH; i++) {
            if (epoll_wait(queue, events, ready, -1) != ready) {
                fail("epoll_wait");
            }
        }
        add_batch(&nanos, (now() - start) * 1e9 / BATCH);
    } while (now() < end);
    return percentile(&nanos, 5);
}

static void allow_as_many_descriptors_as_possible(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        fail("getrlimit");
    }
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        fail("setrlimit");
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: see the top of selection.c\n");
        return 2;
    }
    int ready = atoi(argv[2]);
    double seconds = atof(argv[3]);
    int (*pairs)[2] = NULL;
    struct epoll_event *events = calloc(ready + 1, sizeof *events);
    int queue = epoll_create1(EPOLL_CLOEXEC);
    int watched = 0;
    double one = 0;

    allow_as_many_descriptors_as_possible();
    for (char *number = strtok(argv[1], ","); number != NULL; number = strtok(NULL, ",")) {
        static int index;
        int ends = atoi(number);

        pairs = realloc(pairs, (ends + 1) * sizeof *pairs);
        if (pairs == NULL) {
            fail("realloc");
        }
        watch(queue, pairs, watched, ends);
        make_ready(pairs, 0, watched == 0);
        watched = ends;
        one = nanos_of_wait(queue, events, 1, seconds);
        printf("ends-%d=%.3f\n", index++, one);
    }
    make_ready(pairs, 1, 1 + ready);
    printf("ready=%.3f\n", (nanos_of_wait(queue, events, 1 + ready, seconds) - one) / ready);
    return 0;
}
