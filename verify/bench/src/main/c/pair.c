/*
 * What PairBenchmark does, as one writes it in C: the other half of its ratio.
 *
 *   pair write-read SECONDS
 *   pair open-close SECONDS
 *
 * prints the nanoseconds that one round took. The flags of send and recv are 0, as in plain C code: on one thread the
 * data is always there, so neither call ever waits, and what Dyad pays for its own flags belongs on Dyad's side.
 */
#include "twin.h"

enum { MESSAGE = 64, BATCH = 1000 };

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

/* The clock is read once in a batch, so that it weighs nothing. */
static double nanos_of_one(void (*round)(const int[2]), const int fds[2], double seconds)
{
    double start = now();
    double passed;
    long rounds = 0;

    do {
        for (int i = 0; i < BATCH; i++) {
            round(fds);
        }
        rounds += BATCH;
        passed = now() - start;
    } while (passed < seconds);
    return passed * 1e9 / rounds;
}

int main(int argc, char **argv)
{
    void (*round)(const int[2]);
    int fds[2];

    if (argc == 3 && strcmp(argv[1], "write-read") == 0) {
        round = write_read;
    } else if (argc == 3 && strcmp(argv[1], "open-close") == 0) {
        round = open_close;
    } else {
        fprintf(stderr, "usage: pair write-read|open-close SECONDS\n");
        return 2;
    }

    double seconds = atof(argv[2]);

    open_pair(fds);
    nanos_of_one(round, fds, seconds / 10);
    printf("%.3f\n", nanos_of_one(round, fds, seconds));
    close_pair(fds);
    return 0;
}
