/*
 * What PairBenchmark does, as one writes it in C: the other half of its ratio.
 *
 *   pair write-read SECONDS
 *   pair open-close SECONDS
 *   pair write-read-beside-a-thread SECONDS
 *
 * prints the nanoseconds that one round took where nobody disturbed it: the 5th percentile of batches. The flags of send and recv are 0, as in plain C code: on one thread the
 * data is always there, so neither call ever waits, and what Dyad pays for its own flags belongs on Dyad's side.
 *
 * In a process with a second thread, which every JVM is, the kernel counts the users of a descriptor in each call; with
 * one thread it need not. The third question tells what that costs, so that nobody looks for it in the JVM.
 */
#include "twin.h"
#include <pthread.h>

enum { MESSAGE = 64, BATCH = 100 };

static void close_pair(const int fds[2])
{
    if (close(fds[0]) != 0 || close(fds[1]) != 0) {
        fail("close");
    }
}

static void write_read(const int fds[2])
{
    static char sent[MESSAGE];
    static char received[MESSAGE];

    if (send(fds[0], sent, MESSAGE, 0) != MESSAGE) {
        fail("send");
    }
    if (recv(fds[1], received, MESSAGE, 0) != MESSAGE) {
        fail("recv");
    }
}

static void open_close(const int unused[2])
{
    int fds[2];

    (void)unused;
    open_pair(fds);
    close_pair(fds);
}

static double nanos_of_one(void (*round)(const int[2]), const int fds[2], double seconds)
{
    double end = now() + seconds;
    struct batches nanos = {0};
    double start;

    do {
        start = now();
        for (int i = 0; i < BATCH; i++) {
            round(fds);
        }
        add_batch(&nanos, (now() - start) * 1e9 / BATCH);
    } while (now() < end);
    return percentile(&nanos, 5);
}

static void *idle(void *unused)
{
    (void)unused;
    pause();
    return NULL;
}

static void start_idle_thread(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, idle, NULL) != 0) {
        fail("pthread_create");
    }
}

int main(int argc, char **argv)
{
    const char *what = argc == 3 ? argv[1] : "";
    void (*round)(const int[2]);
    int fds[2];

    if (strcmp(what, "write-read") == 0) {
        round = write_read;
    } else if (strcmp(what, "open-close") == 0) {
        round = open_close;
    } else if (strcmp(what, "write-read-beside-a-thread") == 0) {
        round = write_read;
        start_idle_thread();
    } else {
        fprintf(stderr, "usage: see the top of pair.c\n");
        return 2;
    }

    double seconds = atof(argv[2]);

    open_pair(fds);
    nanos_of_one(round, fds, seconds / 10);
    printf("%.3f\n", nanos_of_one(round, fds, seconds));
    close_pair(fds);
    return 0;
}
